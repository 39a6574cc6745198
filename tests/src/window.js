// Finds what a person would find: by its role and its visible or spoken name, in the topmost dialog first.
const tidy = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const visible = (element) => {
  const style = getComputedStyle(element);
  return element.getClientRects().length > 0 && style.visibility !== "hidden" && style.opacity !== "0";
};
const spoken = (element) => {
  const label = element.getAttribute("aria-label");
  if (label) return tidy(label);
  const by = element.getAttribute("aria-labelledby");
  if (by) return tidy(by.split(" ").map((id) => document.getElementById(id)?.textContent).join(" "));
  if (element.labels?.length) return tidy(element.labels[0].textContent);
  return tidy(element.innerText || element.textContent);
};
const kinds = {
  button: "button, a[href], [role=button], [role=tab], [role=menuitem], [role=option], [role=link]",
  field: "input, textarea, [role=combobox]",
  row: "[role=row], tr",
  heading: "h1, h2, h3, [role=heading]",
};
const places = () => {
  const dialogs = [...document.querySelectorAll("[role=dialog]")].filter(visible);
  return [...dialogs.reverse(), document];
};
/** The visible element of this kind whose name is the text; or begins with it; or, for rows, holds it. */
const find = (kind, text) => {
  for (const place of places()) {
    const all = [...place.querySelectorAll(kinds[kind])].filter(visible);
    const named = (fits) => all.find((element) => fits(spoken(element)));
    const found =
      named((name) => name === text) ??
      (kind === "row" ? named((name) => name.includes(text)) : named((name) => name.startsWith(`${text} `)));
    if (found) {
      found.scrollIntoView({ block: "nearest" });
      return found;
    }
  }
  return null;
};
const disabled = (element) =>
  element.disabled === true || element.dataset.disabled !== undefined || element.dataset.loading !== undefined ||
  element.getAttribute("aria-disabled") === "true";
/** Whether nothing moves: no transition or animation that has an end is under way, and no dialog is half there. */
const still = () =>
  document.getAnimations().every((one) => one.playState !== "running" || one.effect?.getComputedTiming().endTime === Infinity) &&
  [...document.querySelectorAll("[role=dialog]")].every(
    (dialog) => dialog.getClientRects().length === 0 || getComputedStyle(dialog).opacity === "1",
  );
/** Whether it stays so for some frames: what a click has set off may begin with the next one. */
const settled = async (frames) => {
  for (let frame = 0; frame < frames; frame += 1) {
    if (!still()) return false;
    await new Promise(requestAnimationFrame);
  }
  return still();
};
