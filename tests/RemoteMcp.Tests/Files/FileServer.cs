using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Tests.Tools;
using RemoteMcp.Tools.Files.Store;

namespace RemoteMcp.Tests.Files;

/// <summary>Provides a server with the team's tools and a real MCP client, connected by pipes.</summary>
/// <summary>Gets the user who answers the questions of the tools.</summary>
/// <summary>Starts a server for a folder.</summary>
/// <summary>Starts a server for a store. A setting without a section belongs to <c>RemoteMcp:Files</c>.</summary>
/// <summary>Starts a server for the current folder with additional services.</summary>
/// <summary>Calls a tool that must succeed, and returns its structured content.</summary>
/// <summary>Calls a tool that must fail, and returns the error for the model.</summary>
/// <summary>Represents the user of the client, who declines every question by default.</summary>
/// <summary>Gets the questions so far.</summary>
/// <summary>Gets or sets whether the user confirms questions.</summary>
/// <summary>Gets or sets the action that runs before each answer, for example a change while the user decides.</summary>
internal static class FileServer
{
    public static Task<ToolServer> StartAsync(string root, string? protocol = null, params (string Name, string Value)[] settings) =>
        ToolServer.StartAsync(static _ => { }, protocol, InSection([("Root", root), .. settings]));

    public static Task<ToolServer> StartAsync(IFileStore store, params (string Name, string Value)[] settings) =>
        ToolServer.StartAsync(services => services.AddSingleton(store), settings: InSection(settings));

    private static (string Name, string Value)[] InSection((string Name, string Value)[] settings) =>
        [.. settings.Select(static setting => ("RemoteMcp:Files:" + setting.Name, setting.Value))];
}
