using Microsoft.Extensions.Configuration;

namespace RemoteMcp.FunctionsHost;

/// <summary>The command line of the test host. Each option is a name and a value, such as <c>--app FOLDER</c>.</summary>
internal sealed record HostArguments
{
    /// <summary>Gets the folder of the built app: the one with <c>host.json</c> and <c>functions.metadata</c>.</summary>
    public required string App { get; init; }

    /// <summary>Gets the app's assembly, relative to <see cref="App"/>.</summary>
    public required string Assembly { get; init; }

    /// <summary>Gets the URL to listen on. Port 0 selects a free port.</summary>
    public required string Urls { get; init; }

    /// <summary>
    /// Gets how long a forwarded request or response may be silent before the host cuts the connection. The Functions host allows 240 s.
    /// </summary>
    public required TimeSpan ActivityTimeout { get; init; }

    /// <summary>
    /// Gets how long a function may run after functionTimeout before the host restarts its worker. The WebJobs SDK allows 2 s.
    /// </summary>
    public required TimeSpan TimeoutGrace { get; init; }

    /// <summary>Gets how long a worker may take to stop before the host kills it. The Functions host allows 5 s.</summary>
    public required TimeSpan TerminateGrace { get; init; }

    /// <summary>Gets how long the first worker may take to open its HTTP port.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromMinutes(1);

    public static HostArguments Parse(string[] args)
    {
        var settings = new ConfigurationBuilder().AddCommandLine(args).Build();
        var app = settings["app"]
            ?? throw new ArgumentException("--app is missing. Use --app FOLDER to specify the folder of the built Functions app.");
        return new HostArguments
        {
            App = Path.GetFullPath(app),
            Assembly = settings["assembly"] ?? "RemoteMcp.Functions.dll",
            Urls = settings["urls"] ?? "http://127.0.0.1:0",
            ActivityTimeout = settings.GetValue("activity-timeout", TimeSpan.FromSeconds(240)),
            TimeoutGrace = settings.GetValue("timeout-grace", TimeSpan.FromSeconds(2)),
            TerminateGrace = settings.GetValue("terminate-grace", TimeSpan.FromSeconds(5)),
        };
    }
}
