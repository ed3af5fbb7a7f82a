/** A figure of the page: title, legend, drawing, caption. */

export interface Panel {
  readonly plot: HTMLElement;
  readonly legend: HTMLElement;
  readonly caption: HTMLElement;
  /** Dims the drawing while what it shows is not what was asked. */
  wait(isWaiting: boolean): void;
  show(isShown: boolean): void;
}

export function panelIn(place: HTMLElement, id: string, title: string): Panel {
  const figure = document.createElement('figure');
  figure.className = 'panel';
  figure.id = id;
  const heading = document.createElement('h2');
  heading.textContent = title;
  const part = (name: string, tag = 'div') => {
    const element = document.createElement(tag);
    element.className = name;
    return element;
  };
  const [plot, legend, caption] = [part('plot'), part('legend'), part('caption', 'figcaption')];
  figure.append(heading, legend, plot, caption);
  place.append(figure);
  return {
    ...{ plot, legend, caption },
    wait: (isWaiting) => figure.classList.toggle('waiting', isWaiting),
    show(isShown) {
      figure.hidden = !isShown;
    },
  };
}

/** Writes a caption, and under it what is doubtful. */
export function say({ caption }: Panel, words: string, doubts: readonly string[] = []): void {
  caption.textContent = words;
  for (const doubt of doubts) {
    const place = document.createElement('p');
    place.className = 'doubt';
    place.textContent = doubt.charAt(0).toUpperCase() + doubt.slice(1);
    caption.append(place);
  }
}

export const HEIGHT = 290;
