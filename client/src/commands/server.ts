import type { CommandTable } from './command.ts';

export const serverCommands: CommandTable = {
  'provender.showOutput': {
    needsServer: false,
    run: ({ output }) => {
      output.show(true);
      return Promise.resolve();
    },
  },
  'provender.restartServer': { needsServer: false, run: (session) => session.start() },
  // Code actions of the server name this command and pass it the folder and the command.
  'provender.prepareInstall': {
    needsServer: false,
    run: ({ terminals }, folder, command) => {
      terminals.prepare(folder, command);
      return Promise.resolve();
    },
  },
};
