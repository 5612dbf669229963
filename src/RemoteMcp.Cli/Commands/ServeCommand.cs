using System.CommandLine;
using RemoteMcp.Cli.Hosting;
using RemoteMcp.Tools;

namespace RemoteMcp.Cli.Commands;

/// <summary>Creates the command <c>remote-mcp serve</c>, which runs the server over HTTP without Azure.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var common = new CommonOptions();
        var urls = new Option<string?>("--urls")
        {
            Description = $"The URLs to listen on, separated by semicolons [default: {ServeHost.DefaultUrl}]. Port 0 takes a free port.",
            HelpName = "URLS",
        };
        var command = new Command("serve", "Serves the tools over HTTP on this machine. Needs no account and no settings.") { urls };
        common.AddTo(command);
        command.SetAction((result, cancellationToken) => ServeHost.RunAsync(
            configuration => common.Configure(configuration, result),
            result.GetValue(urls),
            static (mcp, configuration) => mcp.WithTeamTools(configuration),
            cancellationToken));
        return command;
    }
}
