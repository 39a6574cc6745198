const onMac = typeof navigator !== "undefined" && /mac/i.test(navigator.platform);

/** The key that starts shortcuts on this computer, as its keyboard names it. */
export const modifierName = onMac ? "⌘" : "Ctrl";

/** True when the shortcut key of this computer is held. */
export const hasModifier = (event: { ctrlKey: boolean; metaKey: boolean }) =>
  onMac ? event.metaKey : event.ctrlKey;
