/** Makes a new tenant. */
export function CreateDialog(_props: { onClose: () => void }) {
  return null;
}
