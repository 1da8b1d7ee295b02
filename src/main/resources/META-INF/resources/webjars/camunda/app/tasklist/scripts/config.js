// In place of Tasklist's own: its shortcuts as ever, and the beat that tells that an agent works in it.
export default {
  customScripts: ['../../../assets/presence.js'],

  shortcuts: {
    claimTask: { key: 'ctrl+alt+c', description: 'claims the task that is open' },
    focusFilter: { key: 'ctrl+shift+f', description: 'goes to the first filter' },
    focusList: { key: 'ctrl+alt+l', description: 'goes to the first task' },
    focusForm: { key: 'ctrl+alt+f', description: 'goes to the first field of the form' },
    startProcess: { key: 'ctrl+alt+p', description: 'opens the list of processes to start' },
  },
};
