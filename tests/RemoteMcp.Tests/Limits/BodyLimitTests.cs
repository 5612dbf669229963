using System.Net;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Auth.Permissions;
using Xunit;

namespace RemoteMcp.Tests.Limits;

/// <summary>Tests that bodies which do not end occupy a limited part of the server.</summary>
public sealed class BodyLimitTests : GuardedServer
{
    private const int Length = 60 * 1024;

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["RemoteMcp:Http:MaxRequestBytes"] = "65536",
        ["RemoteMcp:Limits:ConcurrentRequests"] = "2",
        ["RemoteMcp:Limits:RequestBytesPerCaller"] = "70000",
        ["RemoteMcp:Limits:RequestBytes"] = "150000",
    };

    [Fact]
    public async Task Bodies_of_one_caller_share_its_limit()
    {
        var response = await FirstResponseAsync(Length, Token(), Token());

        Assert.StartsWith("HTTP/1.1 429 ", response, StringComparison.Ordinal);
        Assert.Contains("RemoteMcp:Limits:RequestBytesPerCaller", response, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 1\r\n", response, StringComparison.Ordinal);
        Assert.Contains("Connection: close\r\n", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_is_free_again_after_the_clients_have_left()
    {
        await FirstResponseAsync(Length, Token(), Token());
        await Eventually.IsTrueAsync(() => Server.RunningRequests == 0);

        var large = Messages.StatelessCall("echo", $$"""{"text":"{{new string('x', Length)}}"}""");
        using var served = await SendAsync(Messages.PostStateless(large), Token());

        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task Bodies_of_all_callers_share_the_limit_of_the_process()
    {
        var response = await FirstResponseAsync(
            Length, Token(), TokenOf(Sample.Megan, Sample.DesktopClient), TokenOf(Sample.Adele, Sample.BrowserClient));

        Assert.StartsWith("HTTP/1.1 503 ", response, StringComparison.Ordinal);
        Assert.Contains("RemoteMcp:Limits:RequestBytes", response, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 1\r\n", response, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Number_of_unread_bodies_of_one_caller_is_limited()
    {
        var response = await FirstResponseAsync(100, Token(), Token(), Token());

        Assert.StartsWith("HTTP/1.1 429 ", response, StringComparison.Ordinal);
        Assert.Contains("RemoteMcp:Limits:ConcurrentRequests", response, StringComparison.Ordinal);
    }

    /// <summary>Sends requests that stop within their bodies. Returns the first response: that of the request over the limit.</summary>
    private async Task<string> FirstResponseAsync(int length, params string[] tokens)
    {
        var requests = await Task.WhenAll(
            tokens.Select(token => StalledRequest.SendAsync(Server.Url, token, length, 10, Cancelled)));
        try
        {
            var first = await Task.WhenAny(requests.Select(request => request.ResponseAsync(Cancelled)));
            using var others = await SendAsync(
                Messages.PostStateless(Messages.StatelessListTools), TokenOf(Sample.Megan, Sample.BrowserClient));
            Assert.Equal(HttpStatusCode.OK, others.StatusCode);
            return await first;
        }
        finally
        {
            foreach (var request in requests)
            {
                request.Dispose();
            }
        }
    }
}
