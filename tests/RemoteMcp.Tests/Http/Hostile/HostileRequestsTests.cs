using RemoteMcp.Testing.Http;
using RemoteMcp.Testing.Http.Hostile;
using Xunit;

namespace RemoteMcp.Tests.Http.Hostile;

/// <summary>
/// Tests that the server sends the correct response to every hostile request, in the format of the protocol. A response is never a 5xx
/// status and never discloses internals. The server never hangs and continues to process requests.
/// </summary>
public sealed class HostileRequestsTests(HostileRequestsTests.Server server) : IClassFixture<HostileRequestsTests.Server>
{
    public static TheoryData<string> Names => new(HostileTable.All.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Hostile_request_gets_the_expected_answer_and_the_server_continues(string name)
    {
        var row = HostileTable.All[name];
        var session = row.NeedsSession ? await server.Host.Client.InitializeAsync() : "";

        await HostileTable.AssertAnswerAsync(row, server.Host.Url, session);

        await server.Host.Client.InitializeAsync();
    }

    public sealed class Server : IAsyncLifetime
    {
        internal TestServerHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Host = await TestServerHost.StartAsync(new Dictionary<string, string?> { ["RemoteMcp:Http:MaxRequestBytes"] = "1048576" });

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
