using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using RemoteMcp.EndToEnd.Azurite;
using RemoteMcp.EndToEnd.Processes;

namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>Several processes of one server program with one state store, behind a round robin.</summary>
internal sealed class FleetFixture : IAsyncDisposable
{
    public const int Size = 3;

    /// <summary>The number of hosts in a fleet of Functions apps: each has a worker process besides.</summary>
    public const int FunctionsSize = 2;

    /// <summary>Settings for who does not test what becomes of an instance that is gone: a slow one is not taken for it.</summary>
    public static readonly string[] PatientRelay = ["RemoteMcp:Fleet:Lease=00:00:30", "RemoteMcp:Fleet:DeliveryTimeout=00:00:30"];

    private readonly RoundRobin<ServerProcess> _balanced = new();
    private readonly ConcurrentDictionary<int, ServerProcess> _running = new();
    private readonly Func<ProcessStartInfo> _start;
    private ForwardingServer _proxy = null!;

    private FleetFixture(Func<ProcessStartInfo> start) => _start = start;

    /// <summary>Where the round robin listens.</summary>
    public Uri Address => _proxy.Address;

    public Uri Endpoint => new(Address, "mcp");

    public Uri SseEndpoint => new(Address, "mcp/sse");

    /// <summary>The process ids of the instances that run now.</summary>
    public IReadOnlyList<int> Instances => [.. _running.Keys.Order()];

    /// <summary>What the instances logged, for the message of a failing test.</summary>
    public string Log => string.Join('\n', _running.Values.Select(instance => instance.Log));

    /// <summary>What one instance logged.</summary>
    public string LogOf(int instance) => _running[instance].Log;

    /// <summary>A fleet of the conformance server.</summary>
    public static Task<FleetFixture> OfFixturesAsync(AzuriteProcess azurite, CancellationToken cancellationToken, params string[] settings) =>
        OfFixturesAsync(azurite.ConnectionString, cancellationToken, settings);

    /// <summary>A fleet of the conformance server whose storage is where the connection string says.</summary>
    public static Task<FleetFixture> OfFixturesAsync(string connectionString, CancellationToken cancellationToken, params string[] settings) =>
        StartAsync(
            Serve(Programs.ConformanceServer, [.. FixtureSettings(connectionString, settings).Select(static setting => "--" + setting)]),
            Size,
            cancellationToken);

    /// <summary>A fleet of the Functions app with the same fixtures: several hosts, each with a worker, on one storage.</summary>
    public static Task<FleetFixture> OfFunctionsAsync(AzuriteProcess azurite, CancellationToken cancellationToken, params string[] settings)
    {
        var environment = FixtureSettings(azurite.ConnectionString, settings)
            .Select(static setting => setting.Split('=', 2))
            .ToDictionary(static setting => setting[0].Replace(":", "__", StringComparison.Ordinal), static setting => setting[1]);
        return StartAsync(() => Programs.Functions(BuiltApp.Fixtures).With(environment), FunctionsSize, cancellationToken);
    }

    /// <summary>A fleet of <c>remote-mcp serve</c> over a folder that all of them see.</summary>
    public static Task<FleetFixture> OfFilesAsync(AzuriteProcess azurite, string folder, CancellationToken cancellationToken, params string[] settings) =>
        StartAsync(
            Serve(
                Programs.RemoteMcp,
                ["serve", "--root", folder, .. Settings(azurite.ConnectionString).Concat(settings).SelectMany(static setting => (string[])["--set", setting])]),
            Size,
            cancellationToken);

    /// <summary>Instances of <c>remote-mcp serve</c> with no settings but those of <paramref name="environment"/>, as on Azure.</summary>
    public static Task<FleetFixture> OfSettingsAsync(IReadOnlyDictionary<string, string> environment, int size, CancellationToken cancellationToken) =>
        StartAsync(() => Serve(Programs.RemoteMcp, ["serve"])().With(environment), size, cancellationToken);

    /// <summary>Starts one more instance and takes it in.</summary>
    /// <returns>Its process id.</returns>
    public async Task<int> AddAsync(CancellationToken cancellationToken)
    {
        var instance = await ServerProcess.StartAsync(_start(), ServerProcess.StartLimit, cancellationToken);
        _running[instance.ProcessId] = instance;
        _balanced.Add(instance);
        return instance.ProcessId;
    }

    /// <summary>Ends an instance by SIGKILL: it can say no last word, and the round robin learns of it afterwards.</summary>
    public async Task KillAsync(int instance)
    {
        var process = _running[instance];
        await process.DisposeAsync();
        _balanced.Remove(process);
        _running.TryRemove(instance, out _);
    }

    /// <summary>
    /// Asks an instance to stop, as a supervisor does (SIGTERM), and waits until it has ended by itself. The round robin gives it nothing
    /// from now on; a request that names it still reaches it.
    /// </summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> TerminateAsync(int instance, CancellationToken cancellationToken)
    {
        var process = _running[instance];
        _balanced.Remove(process);
        await process.SignalAsync("TERM", cancellationToken);
        var code = await process.WaitForExitAsync(cancellationToken);
        _running.TryRemove(instance, out _);
        await process.DisposeAsync();
        return code;
    }

    /// <summary>Where an instance itself listens.</summary>
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

    private static Func<ProcessStartInfo> Serve(string program, string[] arguments) => () => Programs.DotNet(program, [.. arguments, "--urls", "http://127.0.0.1:0"]);

    private static async Task<FleetFixture> StartAsync(Func<ProcessStartInfo> start, int size, CancellationToken cancellationToken)
    {
        var fleet = new FleetFixture(start);
        try
        {
            fleet._proxy = await FleetProxy.StartAsync(fleet._balanced, fleet._running.GetValueOrDefault, cancellationToken);
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
