// Begins the page. A node turns away an address that has too many connections, as a
// page that is loaded again may for a moment: a module that did not come is asked for
// once more.

const again_ms = 1500;

import("/console/main.js").catch((error) => {
  console.warn(error);
  document.getElementById("main").textContent =
    "This page did not come whole. It is loaded again in a moment.";
  setTimeout(() => location.reload(), again_ms);
});
