using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace RemoteMcp.Tests.Auth.Cloud;

/// <summary>
/// Tests that the exchange of a caller's token fails with a clear error if the sign-in service is down or limits requests.
/// </summary>
[Collection(nameof(NonParallel))]
public sealed class EntraOutageTests : CloudSignIn
{
    private Func<HttpResponseMessage>? _answer;

    [Fact]
    public async Task Retry_time_from_Entra_is_passed_on()
    {
        var token = await SignInAsync(Sample.Adele);
        _answer = static () => new HttpResponseMessage(HttpStatusCode.TooManyRequests)
        {
            Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(33)) },
            Content = new StringContent("""{"error":"temporarily_unavailable","error_description":"AADSTS90055: too many requests"}"""),
        };

        Assert.Contains("Try again in 33 s", (await CallAsync(token)).Refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_fails_while_Entra_is_down_and_succeeds_after_the_outage(bool unreachable)
    {
        var token = await SignInAsync(Sample.Adele);
        _answer = unreachable
            ? static () => throw new HttpRequestException("refused")
            : static () => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        Assert.Contains("does not answer at the moment", (await CallAsync(token)).Refusal, StringComparison.Ordinal);

        _answer = null;

        Assert.Equal("Adele Vance", (await CallAsync(token)).Name);
    }

    private protected override void AddTools(IMcpServerBuilder server)
    {
        base.AddTools(server);
        server.Services.AddHttpClient(Options.DefaultName).AddHttpMessageHandler(() => new Interruption(this));
    }

    private sealed class Interruption(EntraOutageTests tests) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            tests._answer is { } answer && request.RequestUri!.AbsolutePath.EndsWith("/token", StringComparison.Ordinal)
                ? Task.FromResult(answer())
                : base.SendAsync(request, cancellationToken);
    }
}
