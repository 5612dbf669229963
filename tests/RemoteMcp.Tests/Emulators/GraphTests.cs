using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using RemoteMcp.Emulators.Entra;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

public sealed class GraphTests : EmulatedTenant
{
    [Fact]
    public async Task Graph_tells_an_api_who_its_caller_is()
    {
        var (status, me) = await GetMeAsync(GraphToken());

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(Sample.Adele.ObjectId, me.GetProperty("id").GetString());
        Assert.Equal("Adele Vance", me.GetProperty("displayName").GetString());
    }

    [Fact]
    public async Task Graph_refuses_the_token_that_the_client_sent_to_the_server()
    {
        var clients = Emulator.Tokens.AccessToken(
            new AccessTokenRequest(Sample.Contoso, Sample.DesktopClient, Sample.Server) { User = Sample.Adele, Scopes = ["Mcp.Use"] });

        var (status, body) = await GetMeAsync(clients);

        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal("InvalidAuthenticationToken", body.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Graph_refuses_missing_and_expired_tokens_and_tokens_without_permission()
    {
        var granted = GraphToken();

        Assert.Equal(HttpStatusCode.Unauthorized, (await GetMeAsync(null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetMeAsync("not a token")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetMeAsync(GraphToken("Mail.Read"))).Status);
        Emulator.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(HttpStatusCode.Unauthorized, (await GetMeAsync(granted)).Status);
    }

    [Fact]
    public async Task Graph_refuses_a_token_that_a_public_client_got_for_itself()
    {
        var direct = await OAuth.SignInAndRedeemAsync(("scope", "User.Read"));

        var (status, body) = await GetMeAsync(direct.AccessToken);

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Equal("Authorization_RequestDenied", body.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Graph_can_be_made_to_throttle()
    {
        var token = GraphToken();
        Emulator.GraphThrottle.Throttle(requests: 1, TimeSpan.FromSeconds(7));

        using var client = Emulator.CreateClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var throttled = await client.GetAsync("v1.0/me", Cancelled);
        using var served = await client.GetAsync("v1.0/me", Cancelled);

        Assert.Equal(HttpStatusCode.TooManyRequests, throttled.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), throttled.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    private string GraphToken(string scope = "User.Read") => Emulator.Tokens.AccessToken(
        new AccessTokenRequest(Sample.Contoso, Sample.Server, Graph)
        {
            User = Sample.Adele,
            Scopes = [scope],
            Proof = ClientProof.Assertion,
        });

    private async Task<(HttpStatusCode Status, JsonElement Body)> GetMeAsync(string? token)
    {
        using var client = Emulator.CreateClient();
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.GetAsync("v1.0/me", Cancelled);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled)).RootElement);
    }
}
