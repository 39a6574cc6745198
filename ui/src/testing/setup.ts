import "@testing-library/jest-dom/vitest";
import { cleanNotifications } from "@mantine/notifications";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeAll, vi } from "vitest";
import { startI18n } from "../i18n/i18n";
import { resetRuns } from "../runs/store";
import { selectTenants } from "../tenants/selection";

// A busy machine is slow, not wrong.
configure({ asyncUtilTimeout: 15_000 });

// What jsdom does not have and the components ask for.
Object.defineProperty(window, "matchMedia", {
  value: (query: string) => ({
    matches: false,
    media: query,
    onchange: null,
    addEventListener: () => {},
    removeEventListener: () => {},
    addListener: () => {},
    removeListener: () => {},
    dispatchEvent: () => false,
  }),
});
class NoResizeObserver implements ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
window.ResizeObserver ??= NoResizeObserver;
Element.prototype.scrollIntoView ??= () => {};
document.elementFromPoint ??= () => null;
window.scrollTo = () => {};
HTMLCanvasElement.prototype.getContext = () => null;
// jsdom does not lay out: a grid would believe that nothing of it is visible.
Object.defineProperty(HTMLElement.prototype, "offsetHeight", { configurable: true, get: () => 640 });
Object.defineProperty(HTMLElement.prototype, "offsetWidth", { configurable: true, get: () => 1000 });
const gridSize = (size: number) => ({
  configurable: true,
  get(this: Element) {
    return this.getAttribute("role") === "grid" ? size : 0;
  },
});
Object.defineProperty(Element.prototype, "clientHeight", gridSize(640));
Object.defineProperty(Element.prototype, "clientWidth", gridSize(1000));
Range.prototype.getClientRects ??= () => [] as unknown as DOMRectList;
Range.prototype.getBoundingClientRect ??= () => new DOMRect();

beforeAll(() => startI18n("en"));

afterEach(() => {
  cleanNotifications();
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
  resetRuns();
  selectTenants(new Set());
  vi.useRealTimers();
});
