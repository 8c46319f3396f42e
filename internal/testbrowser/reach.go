package testbrowser

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// Sizes are windows that pages must fit in: desks, a desk zoomed to 200 %, phones upright and on their side.
var Sizes = []struct {
	Width, Height int64
	Phone         bool
}{
	{1920, 1080, false}, {1280, 720, false}, {640, 360, false}, {844, 390, true}, {390, 844, true}, {320, 568, true},
}

// outOfReach lists the controls of a page that nobody can click: cut off by what cannot be scrolled, or covered by
// something else. A scrolled box counts as if the control had been scrolled into it.
const outOfReach = `(() => {
  const lost = [];
  const name = (e) => (e.dataset.testid ?? e.getAttribute("aria-label") ?? e.innerText ?? e.tagName).slice(0, 60);
  const modal = document.querySelector("dialog[open]");
  const side = document.querySelector(".side");
  for (const e of document.querySelectorAll("button, a[href], input, select, textarea, summary, video[controls]")) {
    if (!e.checkVisibility({ visibilityProperty: true }) || (modal !== null && !modal.contains(e))) continue;
    const { left, top, right, bottom, width, height } = e.getBoundingClientRect();
    if (width < 2 || height < 2) continue;
    const box = { left, top, right, bottom };
    let scrolled = false, cut = "";
    for (let inner = e; cut === "" && getComputedStyle(inner).position !== "fixed"; ) {
      const p = inner.parentElement;
      if (p === null || p === document.body || p === document.documentElement) break;
      inner = p;
      const outer = getComputedStyle(p), b = p.getBoundingClientRect();
      for (const [from, to, overflow, at, size] of [
        ["left", "right", outer.overflowX, p.scrollLeft, p.scrollWidth],
        ["top", "bottom", outer.overflowY, p.scrollTop, p.scrollHeight],
      ]) {
        if (outer.display === "contents" || overflow === "visible") continue;
        if (overflow === "auto" || overflow === "scroll") {
          const start = box[from] - b[from] + at, length = Math.min(box[to] - box[from], b[to] - b[from]);
          if (start < -1 || start + length > size + 1) cut = "not in " + p.className;
          if (box[from] < b[from] - 1 || box[to] > b[to] + 1) {
            scrolled = true;
            box[from] = b[from];
            box[to] = b[from] + length;
          }
        } else if (box[from] < b[from] - 1 || box[to] > b[to] + 1) cut = "cut off by " + p.className;
      }
    }
    const page = document.scrollingElement;
    if (cut === "" && (box.left < -1 || box.right > innerWidth + 1)) cut = "beside the window";
    if (cut === "" && (box.top + scrollY < -1 || box.bottom + scrollY > Math.max(innerHeight, page.scrollHeight) + 1))
      cut = "below the window";
    const x = (left + right) / 2, y = (top + bottom) / 2;
    const filled = side !== null && side.getBoundingClientRect().width > innerWidth - 40 && !side.contains(e);
    if (cut === "" && !scrolled && !filled && y > 0 && y < innerHeight && !e.disabled && e.closest(".tile-actions") === null) {
      const hit = document.elementFromPoint(x, y);
      if (hit !== null && !e.contains(hit) && !hit.contains(e) && hit.closest("label")?.control !== e)
        cut = "covered by " + (hit.className || hit.tagName);
    }
    if (cut !== "") lost.push(name(e) + ": " + cut + " " + JSON.stringify([left, top, right, bottom].map(Math.round)));
  }
  if (document.scrollingElement.scrollWidth > innerWidth + 1) lost.push("the page is wider than the window");
  return lost;
})()`

// settleWithin is how long a page may take to lay itself out in a window of another size: a grid measures its room, and
// places its tiles in a later frame.
const settleWithin = 2 * time.Second

// RequireReach checks in windows of all Sizes that every control of the page can be clicked, where need be after
// scrolling. A picture of each is kept under the name, where pictures are kept.
func (p *Page) RequireReach(t testing.TB, name string) {
	t.Helper()
	for _, size := range Sizes {
		p.Look(size.Width, size.Height, false, size.Phone)
		var lost []string
		for by := time.Now().Add(settleWithin); ; {
			lost = nil
			p.Eval(
				`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(`+outOfReach+`))))`,
				&lost,
			)
			if len(lost) == 0 || time.Now().After(by) {
				break
			}
		}
		p.Screenshot(fmt.Sprintf("%s-%dx%d", name, size.Width, size.Height))
		assert.Empty(t, lost, "%s at %d x %d", name, size.Width, size.Height)
	}
}
