/** The connections of this computer. */
export function ConnectScreen() {
  return null;
}
