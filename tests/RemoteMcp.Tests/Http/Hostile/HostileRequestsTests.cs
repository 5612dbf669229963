using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Xunit;

namespace RemoteMcp.Tests.Http.Hostile;

/// <summary>
/// Whatever is sent, the answer is the right one in the protocol's own shape, never a 5xx, never a hang, never an inside of the server,
/// and the server goes on serving.
/// </summary>
public sealed class HostileRequestsTests(HostileRequestsTests.Server server) : IClassFixture<HostileRequestsTests.Server>
{
    private static readonly Dictionary<string, HostileRequest> All = new HostileRequest[][]
    {
        HostileJson.Rows, HostileMessages.Rows, HostileHeaders.Rows, HostileBodies.Rows, HostileSessions.Rows, HostileTargets.Rows, HostileOrigins.Rows,
    }.SelectMany(static rows => rows).ToDictionary(static row => row.Name);

    public static TheoryData<string> Names => new(All.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Hostile_requests_get_the_right_answer_and_the_server_serves_on(string name)
    {
        var row = All[name];
        var session = row.NeedsSession ? await server.Host.Client.InitializeAsync() : "";

        var response = await RawHttp.SendAsync(server.Host.Url, row.ToBytes(server.Host.Url, session), row.Ends, readToEnd: !row.Lingers);

        Assert.True(response.Status == row.Status, $"Expected {row.Status}, got {response.Status}: {response.Headers}\n\n{response.Body}");
        Assert.Equal("", response.Rest);
        Assert.DoesNotContain("   at ", response.Body);
        Assert.DoesNotContain("Exception", response.Body);
        if (row.Code is not null || row.HasResult)
        {
            var message = Messages.ParseMessage(ContentType(response), response.Body);
            // The SDK's own reader judges the shape.
            Assert.IsAssignableFrom<JsonRpcMessage>(message.Deserialize<JsonRpcMessage>(McpJsonUtilities.DefaultOptions));
            Assert.Equal(row.Code, (int?)message["error"]?["code"]);
            Assert.Equal(row.HasResult, message["result"] is not null);
            Assert.True(row.HasResult || !string.IsNullOrWhiteSpace((string?)message["error"]!["message"]));
        }

        await server.Host.Client.InitializeAsync();
    }

    private static System.Net.Http.Headers.MediaTypeHeaderValue? ContentType(RawResponse response) =>
        response.Headers.Split("\r\n").FirstOrDefault(static line => line.StartsWith("Content-Type:", StringComparison.OrdinalIgnoreCase)) is { } line
            ? System.Net.Http.Headers.MediaTypeHeaderValue.Parse(line.Split(':', 2)[1].Trim())
            : null;

    public sealed class Server : IAsyncLifetime
    {
        internal TestServerHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Host = await TestServerHost.StartAsync(new Dictionary<string, string?> { ["RemoteMcp:Http:MaxRequestBytes"] = "1048576" });

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
