import { Channel } from "@tauri-apps/api/core";

/** A way for a command to send messages while it runs and after. */
export const createChannel = <T>(onMessage: (message: T) => void): Channel<T> => new Channel<T>(onMessage);
