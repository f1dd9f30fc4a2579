/** What the script remembers in this tab. A browser that refuses storage just forgets; nothing depends on it. */
export const keep = {
  get(key) {
    try {
      return JSON.parse(sessionStorage.getItem(key));
    } catch {
      return null;
    }
  },
  set(key, value) {
    try {
      sessionStorage.setItem(key, JSON.stringify(value));
    } catch {
      // Storage is full or refused.
    }
  },
  drop(key) {
    try {
      sessionStorage.removeItem(key);
    } catch {
      // Storage is refused.
    }
  },
};
