import { CloseButton, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

type SearchFieldProps = {
  value: string;
  onChange: (value: string) => void;
  label: string;
  width?: number;
  /** Where the arrow down leads: the first result. */
  onLeave?: () => void;
};

/** The search of a list. "/" reaches it from anywhere, Escape empties it, the arrow down leads to the results. */
export function SearchField({ value, onChange, label, width = 250, onLeave }: SearchFieldProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const reach = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target;
      if (
        target instanceof HTMLElement &&
        target.closest("input, textarea, select, [contenteditable=true], [role=dialog]")
      )
        return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    window.addEventListener("keydown", reach);
    return () => window.removeEventListener("keydown", reach);
  }, []);
  return (
    <TextInput
      ref={field}
      size="xs"
      w={width}
      // An input of the type "search" would bring a second button to clear it, the browser's own.
      type="text"
      role="searchbox"
      aria-label={label}
      aria-keyshortcuts="/"
      placeholder={`${label}   /`}
      leftSection={<IconSearch size={14} />}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape" && value !== "") {
          event.stopPropagation();
          onChange("");
        } else if (event.key === "ArrowDown" || event.key === "Escape") {
          event.preventDefault();
          onLeave?.();
        }
      }}
      rightSection={
        value === "" ? null : (
          <CloseButton size="xs" aria-label={t("action.clear")} onClick={() => onChange("")} />
        )
      }
    />
  );
}
