/** What an action gives; when the browser refuses it, something else. */
export function attempt<Given, Else>(action: () => Given, otherwise: Else | (() => Else)): Given | Else {
  try {
    return action();
  } catch {
    return otherwise instanceof Function ? otherwise() : otherwise;
  }
}
