using RemoteMcp.Emulators;

return await EmulatorCommand.Create().Parse(args).InvokeAsync();
