// Measures in the page itself: how long the window takes from one frame to the next while something goes on.
// biome-ignore-all lint: a script that the driver puts into a function
const bench = (window.bench ??= (() => {
  const state = { frames: [], recording: false, finished: false, shown: null };

  state.start = () => {
    state.frames = [];
    state.recording = true;
    let last = null;
    const tick = () => {
      const now = performance.now();
      if (last !== null) state.frames.push(now - last);
      last = now;
      if (state.recording) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  };

  state.stop = () => {
    state.recording = false;
    return state.frames;
  };

  /** Scrolls the grid from its beginning, a step for every frame; sideways there and back again. */
  state.scroll = (steps, down, across) => {
    const grid = document.querySelector("[role=grid]");
    grid.scrollTo(0, 0);
    state.finished = false;
    let step = 0;
    let direction = 1;
    const move = () => {
      if (step === 10) state.start();
      if (step >= 10) {
        const room = grid.scrollWidth - grid.clientWidth;
        if (direction > 0 ? grid.scrollLeft >= room - 1 : grid.scrollLeft <= 0) direction = -direction;
        grid.scrollBy(direction * across, down);
      }
      step += 1;
      if (step < steps + 10) requestAnimationFrame(move);
      else {
        state.recording = false;
        state.finished = true;
      }
    };
    requestAnimationFrame(move);
  };

  /** Milliseconds from the next click on until the first line of the list has been drawn. */
  state.watch = () => {
    state.shown = null;
    document.addEventListener(
      "click",
      (event) => {
        const look = () => {
          if (!document.querySelector("[role=grid] [role=gridcell]")) return requestAnimationFrame(look);
          // The frame that is being made now shows it; the next one begins when that is done.
          return requestAnimationFrame(() => {
            state.shown = performance.now() - event.timeStamp;
          });
        };
        requestAnimationFrame(look);
      },
      { capture: true, once: true },
    );
  };

  /** Milliseconds from doing something until the frame after the one that shows this, and later that. */
  state.time = (act, ...awaited) => {
    state.shown = null;
    const shown = [];
    const start = performance.now();
    act();
    const look = () => {
      if (!awaited[shown.length]()) return requestAnimationFrame(look);
      return requestAnimationFrame(() => {
        shown.push(performance.now() - start);
        if (shown.length === awaited.length) state.shown = shown;
        else look();
      });
    };
    requestAnimationFrame(look);
  };
  return state;
})());
