using Xunit;

namespace RemoteMcp.EndToEnd.Fleet.Cases;

/// <summary>
/// The base of tests whose client selects the instance for each request. The tests cover what the SDK loses when processes run behind a
/// round robin.
/// </summary>
[Collection(nameof(NonParallel))]
public abstract class FleetCase(StartedFleets fleets, FleetKind kind) : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);

    private readonly CancellationTokenSource _limit =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private protected FleetFixture Fleet { get; private set; } = null!;

    /// <summary>The client. Its session began on <see cref="A"/>.</summary>
    private protected FleetClient Client { get; private set; } = null!;

    private protected int A => Fleet.Instances[0];

    private protected int B => Fleet.Instances[1];

    private protected int C => Fleet.Instances[^1];

    private protected CancellationToken Limit => _limit.Token;

    public async ValueTask InitializeAsync()
    {
        Fleet = await fleets.FixturesAsync(kind);
        _limit.CancelAfter(s_limit);
        Client = new FleetClient(Fleet.Endpoint, Limit);
        await Client.InitializeAsync(A);
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        _limit.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Starts a separate fleet of the same kind for a test that kills instances.</summary>
    private protected Task<FleetFixture> StartOwnFleetAsync() => fleets.StartOwnAsync(kind, Limit);

    private protected IAsyncEnumerator<FleetEvent> Open(HttpResponseMessage response) =>
        Client.ReadAsync(response).GetAsyncEnumerator(Limit);

    private protected Task<string> RaiseAsync(int instance, int id, string data) =>
        Client.TextAsync(instance, id, "raise", $$"""{"data":"{{data}}"}""");

    private protected async Task AskAsync(int instance, int id, string method, string parameters)
    {
        using var response = await Client.PostAsync(
            instance, $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"{{{method}}}","params":{{{parameters}}} }""");
        Assert.NotNull((await Client.AnswerAsync(response, id))["result"]);
    }

    private protected static async Task<List<string>> TakeAsync(IAsyncEnumerator<FleetEvent> events, int count)
    {
        var taken = new List<string>();
        while (taken.Count < count && await events.MoveNextAsync())
        {
            if ((string?)events.Current.Message?["params"]?["data"] is { } data)
            {
                taken.Add(data);
            }
        }

        return taken;
    }
}
