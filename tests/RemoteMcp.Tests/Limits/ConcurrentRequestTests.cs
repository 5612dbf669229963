using System.Net;
using RemoteMcp.Testing;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Auth.Permissions;
using Xunit;

namespace RemoteMcp.Tests.Limits;

/// <summary>Tests that one caller's calls and streams that do not end leave capacity for other callers.</summary>
public sealed class ConcurrentRequestTests : GuardedServer
{
    protected override IReadOnlyDictionary<string, string?> Settings =>
        new Dictionary<string, string?> { ["RemoteMcp:Limits:ConcurrentRequests"] = "2" };

    [Fact]
    public async Task Request_over_the_concurrency_limit_is_refused_until_one_ends()
    {
        var session = await BeginSessionAsync(Token());
        await Eventually.IsTrueAsync(() => Server.RunningRequests == 0);
        using var stream = await SendAsync(Messages.Get(session), Token());
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
        using var call = await SendAsync(Messages.Post(Messages.Call("waits"), session), Token());
        await Server.Rendezvous.Entered;

        using var refused = await SendAsync(Messages.Post(Messages.Call("echo", """{"text":"x"}""", "7"), session), Token());
        var answer = await refused.ReadMessageAsync();
        using var others = await SendAsync(
            Messages.PostStateless(Messages.StatelessListTools), TokenOf(Sample.Megan, Sample.DesktopClient));
        Server.Rendezvous.Release();
        await call.Content.ReadAsStringAsync(Cancelled);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        Assert.Equal(7, (int?)answer["id"]);
        Assert.Contains("RemoteMcp:Limits:ConcurrentRequests", (string?)answer["error"]!["message"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, others.StatusCode);
        await Eventually.IsTrueAsync(() => Server.RunningRequests == 1);
        using var served = await SendAsync(Messages.Post(Messages.Call("echo", """{"text":"x"}"""), session), Token());
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }
}
