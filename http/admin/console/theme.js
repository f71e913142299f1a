// Light, dark, or as the system has it. The style sheet has the colours.

const name = "mfo_theme";

export const theme = () => localStorage.getItem(name) ?? "system";

export function set_theme(to) {
  localStorage.setItem(name, to);
  if (to === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = to;
}
