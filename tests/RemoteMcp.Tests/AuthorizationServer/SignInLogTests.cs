using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RemoteMcp.Observability;
using RemoteMcp.Testing.Http;
using RemoteMcp.Tests.Auth.Cloud;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Tests that the log names sign-ins and refusals, and contains no secret, even at the lowest level.</summary>
public sealed class SignInLogTests : SignInServer
{
    private readonly LogLines _log = new();

    [Fact]
    public async Task Log_of_sign_ins_refreshes_and_failures_contains_no_secret()
    {
        using var client = await Client().RegisterAsync();
        const string state = "client-state-5d0cb0a6";
        var callback = await AttackedSignIn.StopAtCallbackAsync(client);
        var consent = await client.Browser.GoAsync(client.AuthorizeUrl(("state", state)));
        var code = (await client.Browser.SubmitAsync(consent, "approve")).Parameters["code"]!;
        var first = await client.RedeemAsync(code);
        var second = await client.RefreshAsync(first.RefreshToken);
        using var call = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), second.AccessToken);
        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
        await client.Browser.GoAsync(AttackedSignIn.Change(callback, ("code", "1.forged-upstream-code")));
        await client.Browser.SubmitAsync(consent, "approve");
        await client.RedeemAsync(code, ("code_verifier", "wrong-verifier-0123456789012345678901234567890"));
        await client.RefreshAsync(AttackedSignIn.Corrupt(second.RefreshToken));
        using var forged = await SendAsync(Messages.PostStateless(Messages.StatelessListTools), second.AccessToken[..^8]);
        await client.RedeemAsync(code);
        await client.RefreshAsync(second.RefreshToken);
        var cookie = client.Browser.Cookies.GetCookies(Server.Url)["remote-mcp-sign-in"]!.Value;
        var lines = _log.Lines;

        Assert.Contains(lines, static line => line.Contains("granted", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.Contains("signed in through", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.Contains("was used twice", StringComparison.Ordinal));
        foreach (var (name, secret) in new[]
        {
            ("code", code), ("access token", first.AccessToken), ("access token", second.AccessToken),
            ("refresh token", first.RefreshToken), ("refresh token", second.RefreshToken), ("client's state", state),
            ("ticket", consent.Fields["ticket"]!), ("cookie", cookie), ("verifier", AuthorizationDriver.Verifier),
            ("wrong verifier", "wrong-verifier"), ("state", AttackedSignIn.ParameterOf(callback, "state")),
            ("Entra ID's code", AttackedSignIn.ParameterOf(callback, "code")), ("Entra ID's code", "1.forged-upstream-code"),
            ("a JSON web token", "eyJ"),
        })
        {
            // The beginning and the end of a secret are secret as well.
            var (begin, end) = (secret[..Math.Min(24, secret.Length)], secret[^Math.Min(24, secret.Length)..]);
            var leaks = lines.Where(line =>
                line.Contains(begin, StringComparison.Ordinal) || line.Contains(end, StringComparison.Ordinal));
            Assert.True(!leaks.Any(), $"{name}: {string.Join('\n', leaks.Take(3))}");
        }
    }

    [Fact]
    public async Task Refused_token_requests_and_registrations_have_one_line_each()
    {
        using var client = await Client().RegisterAsync();
        await client.RefreshAsync("no-token\r\n12:00:00 info: forged\u001b[2J");
        using var registration = await Server.Client.PostAsync(
            "/oauth/register",
            new StringContent("{\"redirect_uris\":[\"https://evil.example/\\u001b\"]}", System.Text.Encoding.UTF8, "application/json"),
            Cancelled);
        var audit = _log.Lines.Where(static line => line.Contains("AuthorizationServer.SignInAudit", StringComparison.Ordinal)).ToList();

        Assert.Single(audit, static line => line.Contains(": Client '", StringComparison.Ordinal));
        var token = Assert.Single(audit, static line => line.Contains(": Token request of ", StringComparison.Ordinal));
        Assert.Contains(": Token request of registration:", token, StringComparison.Ordinal);
        Assert.Contains(" with refresh_token was refused: invalid_", token, StringComparison.Ordinal);
        Assert.Single(audit, static line => line.Contains(": Registration of a client was refused: ", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, static line => line.Contains('\u001b') || line.Contains("no-token", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, static line => line.Contains("Request POST /oauth", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Flood_of_refused_token_requests_writes_a_bounded_number_of_lines()
    {
        var requests = Enumerable.Range(0, 200).Select(_ => Server.Client.PostAsync(
            "/oauth/token",
            new FormUrlEncodedContent(
                [new("grant_type", "refresh_token"), new("refresh_token", new string('x', 4_000)), new("client_id", "x")]),
            Cancelled));
        var started = System.Diagnostics.Stopwatch.StartNew();
        Array.ForEach(await Task.WhenAll(requests), static response => response.Dispose());

        var windows = started.Elapsed.TotalSeconds + 2;
        var shown = _log.Lines
            .Where(static line => !line.StartsWith("Debug", StringComparison.Ordinal))
            .Where(static line => !line.StartsWith("Trace", StringComparison.Ordinal))
            .Where(static line => !line.Contains(" Microsoft.", StringComparison.Ordinal))
            .ToList();
        Assert.InRange(shown.Count, 1, (int)(windows * AuditLog.RefusalsPerSecond));
        Assert.All(shown, static line => Assert.InRange(line.Length, 1, 1_000));
    }

    private protected override void AddTools(IMcpServerBuilder server)
    {
        base.AddTools(server);
        server.Services.AddSingleton<ILoggerProvider>(_log);
        server.Services.AddLogging(static logging => logging.SetMinimumLevel(LogLevel.Trace));
    }
}
