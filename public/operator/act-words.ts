// What every question about an action says.

export const actWords = {
  cancel: 'Cancel',
  close: 'Close',
  busy: 'Working…',
  did: 'Done',
};
