using RemoteMcp.Testing.Http;
using RemoteMcp.Testing.Http.Hostile;
using Xunit;

namespace RemoteMcp.EndToEnd.Functions;

/// <summary>
/// Sends the hostile requests of the fast tests to the Functions app. The requests that the host forwards get the same response as from
/// <c>remote-mcp serve</c>.
/// </summary>
public sealed class FunctionsHostileTests(FunctionsHostileTests.Host host) : IClassFixture<FunctionsHostileTests.Host>
{
    // No function has these routes, so the host returns 404.
    private static readonly string[] s_notFound =
    [
        "TRACE", "a made-up method", "CONNECT", "two trailing slashes", "a path below the endpoint",
        "a path that starts with the path of the endpoint",
        "dot segments out of the endpoint", "encoded dot segments", "an encoded slash", "double encoding", "backslashes", "a semicolon",
        "invalid percent-encoding", "overlong UTF-8 in the path", "a fragment", "an unknown well-known name",
        "an SSE message to a path below the endpoint",
    ];

    // The host's proxy cannot forward these requests.
    private static readonly string[] s_failed =
    [
        "Mcp-Method with non-ASCII bytes", "Mcp-Name with non-ASCII bytes", "a session id with non-ASCII characters", "an empty Host",
        "a Content-Length of one petabyte", "a chunk of an impossible size", "a chunk of a gigantic size",
    ];

    // These requests lack a Host header. The host's proxy adds one with an address of this machine.
    private static readonly string[] s_hostAdded = ["HTTP/1.0 without Host"];

    public static TheoryData<string> Names => new(HostileTable.All.Keys.Except([.. s_notFound, .. s_failed, .. s_hostAdded]));

    [Theory, MemberData(nameof(Names))]
    public async Task Hostile_request_gets_the_right_response_and_the_app_keeps_running(string name)
    {
        var row = HostileTable.All[name];
        var session = row.NeedsSession ? await host.Client.InitializeAsync() : "";

        await HostileTable.AssertAnswerAsync(row, host.Client.BaseAddress!, session);

        await host.Client.InitializeAsync();
    }

    // The proxy tries to forward a request for 15 s, so the requests are sent at the same time.
    [Fact]
    public async Task Requests_that_the_host_does_not_forward_get_empty_responses()
    {
        var expected = s_notFound.Select(static name => (Name: name, Status: 404))
            .Concat(s_failed.Select(static name => (Name: name, Status: 500)))
            .ToList();

        var answers = await Task.WhenAll(expected.Select(async request =>
        {
            var row = HostileTable.All[request.Name];
            var session = row.NeedsSession ? await host.Client.InitializeAsync() : "";
            var response = await RawHttp.SendAsync(
                host.Client.BaseAddress!, row.ToBytes(host.Client.BaseAddress!, session), row.Ends, readToEnd: !row.Lingers);
            return (request.Name, response.Status, response.Body);
        }));

        Assert.Equal(expected.Select(static request => (request.Name, request.Status, "")), answers);
        await host.Client.InitializeAsync();
    }

    public sealed class Host : IAsyncLifetime
    {
        private FunctionsHostProcess _process = null!;

        internal HttpClient Client { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            _process = await FunctionsHostProcess.StartAsync([], ("RemoteMcp__Http__MaxRequestBytes", "1048576"));
            Client = new HttpClient { BaseAddress = _process.Address };
        }

        public ValueTask DisposeAsync()
        {
            Client.Dispose();
            return _process.DisposeAsync();
        }
    }
}
