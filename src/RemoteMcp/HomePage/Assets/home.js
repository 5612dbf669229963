'use strict';

// Shows the clients as tabs (WAI-ARIA Authoring Practices, Tabs). The arrow keys, Home, and End move the focus and select a tab.
const panels = [...document.querySelectorAll('.clients > section')];
const tabs = panels.map((panel) => {
  const tab = document.createElement('button');
  tab.type = 'button';
  tab.id = `${panel.id}-tab`;
  tab.textContent = panel.querySelector('h3').textContent;
  tab.setAttribute('role', 'tab');
  tab.setAttribute('aria-controls', panel.id);
  panel.setAttribute('role', 'tabpanel');
  panel.setAttribute('aria-labelledby', tab.id);
  return tab;
});

function select(chosen) {
  tabs.forEach((tab, index) => {
    tab.setAttribute('aria-selected', String(index === chosen));
    tab.tabIndex = index === chosen ? 0 : -1;
    panels[index].hidden = index !== chosen;
  });
}

// Selects the client in the fragment of the URL, or the first one.
function selectFromUrl() {
  select(Math.max(0, panels.findIndex((panel) => `#${panel.id}` === location.hash)));
}

const list = document.createElement('div');
list.setAttribute('role', 'tablist');
list.setAttribute('aria-labelledby', 'clients');
list.append(...tabs);
document.querySelector('.clients').prepend(list);
list.addEventListener('click', (event) => {
  const chosen = tabs.indexOf(event.target);
  if (chosen >= 0) {
    select(chosen);
    history.replaceState(null, '', `#${panels[chosen].id}`);
  }
});
list.addEventListener('keydown', (event) => {
  const current = tabs.indexOf(event.target);
  const next = { ArrowRight: current + 1, ArrowLeft: current - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
  if (next !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    const tab = tabs[next % tabs.length];
    tab.click();
    tab.focus();
  }
});
addEventListener('hashchange', selectFromUrl);
selectFromUrl();

// Copies the text of a code block. If the browser does not allow that, selects the text.
const copyStatus = document.getElementById('copy-status');
let timer;
let reset = () => {};
for (const button of document.querySelectorAll('[data-copies]')) {
  const label = button.firstChild;
  const show = (shortText, announcement) => {
    clearTimeout(timer);
    reset();
    label.data = shortText;
    copyStatus.textContent = announcement;
    reset = () => {
      label.data = 'Copy';
      copyStatus.textContent = '';
    };
    timer = setTimeout(() => reset(), 2000);
  };
  button.hidden = false;
  button.addEventListener('click', async () => {
    const text = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(text.textContent);
      show('Copied', 'Copied.');
    } catch {
      getSelection().selectAllChildren(text);
      show('Selected', 'Selected: press Ctrl+C or Command+C to copy.');
    }
  });
}
