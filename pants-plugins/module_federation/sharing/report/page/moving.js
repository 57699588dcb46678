// A drawing that can be moved and zoomed, by pointer, wheel and keys.

/**
 * Makes the drawing `canvas` follow what happens on `stage`. `fit(box)` sets what is all of it and
 * shows that, if it is another box than before; `zoom(factor)` and `showAll()` are for buttons.
 */
export function makeMovable(stage, canvas) {
  let whole = [0, 0, 1, 1];
  let box = whole;
  let grip = null;

  stage.addEventListener("pointerdown", (event) => {
    if (event.button === 0)
      grip = {
        at: pointAt(event),
        id: event.pointerId,
        isMoving: false,
        x: event.clientX,
        y: event.clientY,
      };
  });
  stage.addEventListener("pointermove", (event) => {
    if (!grip || event.pointerId !== grip.id) return;
    if (!grip.isMoving && Math.hypot(event.clientX - grip.x, event.clientY - grip.y) < 4) return;
    if (!grip.isMoving) stage.setPointerCapture(event.pointerId);
    grip.isMoving = true;
    const [x, y] = pointAt(event);
    show([box[0] + grip.at[0] - x, box[1] + grip.at[1] - y, box[2], box[3]]);
  });
  for (const name of ["pointerup", "pointercancel"])
    stage.addEventListener(name, () => {
      grip = null;
    });
  stage.addEventListener(
    "wheel",
    (event) => {
      // Where the whole page scrolls, the wheel is left to it, unless Ctrl asks for a zoom.
      if (!event.ctrlKey && document.documentElement.scrollHeight > innerHeight + 1) return;
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.12 : 1 / 1.12, pointAt(event));
    },
    { passive: false },
  );
  stage.addEventListener("keydown", (event) => {
    const step = box[2] / 12;
    const moves = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (moves[event.key])
      show([box[0] + moves[event.key][0], box[1] + moves[event.key][1], box[2], box[3]]);
    else if (event.key === "+" || event.key === "=") zoom(0.8);
    else if (event.key === "-") zoom(1.25);
    else if (event.key === "0") show([...whole]);
    else return;
    event.preventDefault();
  });

  function fit(next) {
    if (next.join() !== whole.join()) show([...next]);
    whole = next;
  }

  function show(next) {
    box = next;
    canvas.setAttribute("viewBox", box.join(" "));
  }

  function zoom(factor, at = [box[0] + box[2] / 2, box[1] + box[3] / 2]) {
    const width = Math.min(Math.max(box[2] * factor, 160), whole[2] * 4);
    const scale = width / box[2];
    show([
      at[0] - (at[0] - box[0]) * scale,
      at[1] - (at[1] - box[1]) * scale,
      width,
      box[3] * scale,
    ]);
  }

  function pointAt(event) {
    const matrix = canvas.getScreenCTM();
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    return [point.x, point.y];
  }

  return { fit, zoom, showAll: () => show([...whole]) };
}
