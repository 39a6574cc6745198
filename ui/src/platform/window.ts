import { getCurrentWindow } from "@tauri-apps/api/window";

/** Names the window, for the task bar: the database, or how far a run is. */
export async function setWindowTitle(title: string): Promise<void> {
  document.title = title;
  try {
    await getCurrentWindow().setTitle(title);
  } catch {
    // In a browser there is no window to name; the document's title is enough.
  }
}
