using Xunit;

namespace RemoteMcp.Tests.Http.Hostile;

/// <summary>
/// Whatever is sent, the answer is the right one in the protocol's own shape, never a 5xx, never a hang, never an inside of the server,
/// and the server goes on serving.
/// </summary>
public sealed class HostileRequestsTests(HostileRequestsTests.Server server) : IClassFixture<HostileRequestsTests.Server>
{
    public static TheoryData<string> Names => new(HostileTable.All.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Hostile_requests_get_the_right_answer_and_the_server_serves_on(string name)
    {
        var row = HostileTable.All[name];
        var session = row.NeedsSession ? await server.Host.Client.InitializeAsync() : "";

        await HostileTable.AssertAnswerAsync(row, server.Host.Url, session);

        await server.Host.Client.InitializeAsync();
    }

    public sealed class Server : IAsyncLifetime
    {
        internal TestServerHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await TestServerHost.StartAsync(new Dictionary<string, string?> { ["RemoteMcp:Http:MaxRequestBytes"] = "1048576" });

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
