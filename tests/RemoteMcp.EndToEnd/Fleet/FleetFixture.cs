using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.EndToEnd.Processes;

namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>Several processes of one server program that share a state store, behind a round robin.</summary>
internal sealed class FleetFixture : IAsyncDisposable
{
    public const int Size = 3;

    /// <summary>The number of hosts in a fleet of Functions apps. Each host also has a worker process.</summary>
    public const int FunctionsSize = 2;

    /// <summary>Settings for tests that do not kill instances. They prevent a slow instance from being treated as dead.</summary>
    public static readonly string[] LongRelayTimeouts = ["RemoteMcp:Fleet:Lease=00:00:30", "RemoteMcp:Fleet:DeliveryTimeout=00:00:30"];

    private readonly RoundRobin<ServerProcess> _roundRobin = new();
    private readonly ConcurrentDictionary<int, ServerProcess> _running = new();
    private readonly Func<ProcessStartInfo> _start;
    private ForwardingServer _proxy = null!;

    private FleetFixture(Func<ProcessStartInfo> start) => _start = start;

    /// <summary>The address of the round robin.</summary>
    public Uri Address => _proxy.Address;

    public Uri Endpoint => new(Address, "mcp");

    public Uri SseEndpoint => new(Address, "mcp/sse");

    /// <summary>The process IDs of the running instances.</summary>
    public IReadOnlyList<int> Instances => [.. _running.Keys.Order()];

    /// <summary>The logs of all instances, for the message of a failing test.</summary>
    public string Log => string.Join('\n', _running.Values.Select(instance => instance.Log));

    /// <summary>The log of one instance.</summary>
    public string LogOf(int instance) => _running[instance].Log;

    /// <summary>Starts a fleet of the conformance server.</summary>
    public static Task<FleetFixture> OfFixturesAsync(
        AzuriteProcess azurite, CancellationToken cancellationToken, params string[] settings) =>
        OfFixturesAsync(azurite.ConnectionString, cancellationToken, settings);

    /// <summary>Starts a fleet of the conformance server with the storage of the connection string.</summary>
    public static Task<FleetFixture> OfFixturesAsync(
        string connectionString, CancellationToken cancellationToken, params string[] settings) =>
        StartAsync(
            Serve(Programs.ConformanceServer, [.. FixtureSettings(connectionString, settings).Select(static setting => "--" + setting)]),
            Size,
            cancellationToken);

    /// <summary>
    /// Starts a fleet of the Functions app with the same fixtures: several hosts that share a storage, each with a worker.
    /// </summary>
    public static Task<FleetFixture> OfFunctionsAsync(AzuriteProcess azurite, CancellationToken cancellationToken, params string[] settings)
    {
        var environment = FixtureSettings(azurite.ConnectionString, settings)
            .Select(static setting => setting.Split('=', 2))
            .ToDictionary(static setting => setting[0].Replace(":", "__", StringComparison.Ordinal), static setting => setting[1]);
        return StartAsync(() => Programs.Functions(BuiltApp.Fixtures).With(environment), FunctionsSize, cancellationToken);
    }

    /// <summary>Starts a fleet of <c>remote-mcp serve</c> with a folder that all instances share.</summary>
    public static Task<FleetFixture> OfFilesAsync(
        AzuriteProcess azurite, string folder, CancellationToken cancellationToken, params string[] settings) =>
        StartAsync(
            Serve(
                Programs.RemoteMcp,
                [
                    "serve", "--root", folder,
                    .. Settings(azurite.ConnectionString).Concat(settings).SelectMany(static setting => (string[])["--set", setting]),
                ]),
            Size,
            cancellationToken);

    /// <summary>
    /// Starts instances of <c>remote-mcp serve</c> that, as on Azure, get only the settings in <paramref name="environment"/>.
    /// </summary>
    public static Task<FleetFixture> OfSettingsAsync(
        IReadOnlyDictionary<string, string> environment, int size, CancellationToken cancellationToken) =>
        StartAsync(() => Serve(Programs.RemoteMcp, ["serve"])().With(environment), size, cancellationToken);

    /// <summary>Starts an additional instance and adds it to the round robin.</summary>
    /// <returns>The process ID of the instance.</returns>
    public async Task<int> AddAsync(CancellationToken cancellationToken)
    {
        var instance = await ServerProcess.StartAsync(_start(), ServerProcess.StartLimit, cancellationToken);
        _running[instance.ProcessId] = instance;
        _roundRobin.Add(instance);
        return instance.ProcessId;
    }

    /// <summary>Kills an instance with SIGKILL. It cannot send anything more. The round robin removes it only after it has ended.</summary>
    public async Task KillAsync(int instance)
    {
        var process = _running[instance];
        await process.DisposeAsync();
        _roundRobin.Remove(process);
        _running.TryRemove(instance, out _);
    }

    /// <summary>
    /// Stops an instance with SIGTERM, as a supervisor does, and waits until it has ended. The round robin sends it no more requests. A
    /// request that names the instance still reaches it.
    /// </summary>
    /// <returns>The exit code of the instance.</returns>
    public async Task<int> TerminateAsync(int instance, CancellationToken cancellationToken)
    {
        var process = _running[instance];
        _roundRobin.Remove(process);
        await process.SignalAsync("TERM", cancellationToken);
        var code = await process.WaitForExitAsync(cancellationToken);
        _running.TryRemove(instance, out _);
        await process.DisposeAsync();
        return code;
    }

    /// <summary>Sends a signal to an instance, for example to pause it (<c>STOP</c>) and to continue it (<c>CONT</c>).</summary>
    public Task SignalAsync(int instance, string signal, CancellationToken cancellationToken) =>
        _running[instance].SignalAsync(signal, cancellationToken);

    /// <summary>The address of one instance.</summary>
    public Uri AddressOf(int instance) => _running[instance].Address;

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        await Task.WhenAll(_running.Values.Select(static instance => instance.DisposeAsync().AsTask()));
    }

    private static string[] Settings(string connectionString) =>
        [$"RemoteMcp:Storage:ConnectionString={connectionString}", $"RemoteMcp:Storage:TablePrefix={SharedAzurite.UniqueName()}"];

    private static string[] FixtureSettings(string connectionString, string[] settings) =>
        [.. Settings(connectionString), $"Fixtures:StateKey={RandomNumberGenerator.GetHexString(64)}", .. settings];

    private static Func<ProcessStartInfo> Serve(string program, string[] arguments) =>
        () => Programs.DotNet(program, [.. arguments, "--urls", "http://127.0.0.1:0"]);

    private static async Task<FleetFixture> StartAsync(Func<ProcessStartInfo> start, int size, CancellationToken cancellationToken)
    {
        var fleet = new FleetFixture(start);
        try
        {
            fleet._proxy = await FleetProxy.StartAsync(fleet._roundRobin, fleet._running.GetValueOrDefault, cancellationToken);
            await Task.WhenAll(Enumerable.Range(0, size).Select(_ => fleet.AddAsync(cancellationToken)));
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }
}
