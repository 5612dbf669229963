using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>
/// Tests that what an administrator changes at Entra ID takes effect at the next refresh, and that an outage signs nobody out.
/// </summary>
public sealed class UpstreamAttackTests : SignInServer
{
    private static readonly Dictionary<string, Action<SignInServer>> s_endings = new()
    {
        ["the user is disabled"] = static server => server.Sample.Adele.Disabled = true,
        ["the sessions are revoked"] = static server => server.Emulator.RevokeSessions(server.Sample.Adele),
        ["a policy requires a second factor"] = static server => server.Sample.Contoso.ConditionalAccess[SampleDirectory.ServerId] =
            new ConditionalAccessPolicy(ConditionalAccessDecision.RequireMultifactor, "mfa"),
        ["a policy blocks the server"] = static server => server.Sample.Contoso.ConditionalAccess[SampleDirectory.ServerId] =
            new ConditionalAccessPolicy(ConditionalAccessDecision.Block, "block"),
        ["the server requires an assignment"] = static server => server.Sample.Server.AssignmentRequired = true,
    };

    private static readonly Dictionary<string, Func<HttpResponseMessage>> s_outages = new()
    {
        ["no connection"] = static () => throw new HttpRequestException("No route to host"),
        ["500"] = static () => Json(HttpStatusCode.InternalServerError, "{}"),
        ["503"] = static () => Json(HttpStatusCode.ServiceUnavailable, """{"error":"temporarily_unavailable"}"""),
        ["429"] = static () => Json(HttpStatusCode.TooManyRequests, """{"error":"throttled"}"""),
        ["403 of a firewall"] = static () => new(HttpStatusCode.Forbidden) { Content = new StringContent("<html>Blocked</html>") },
        ["404 of a proxy"] = static () => new(HttpStatusCode.NotFound) { Content = new StringContent("<html>Not found</html>") },
        ["200 with a page"] = static () => new(HttpStatusCode.OK) { Content = new StringContent("<html>Sign in to the network</html>") },
        ["the server's credential has expired"] = static () =>
            Json(HttpStatusCode.Unauthorized, """{"error":"invalid_client","error_description":"AADSTS700024: expired"}"""),
        ["the app registration is wrong"] = static () =>
            Json(HttpStatusCode.BadRequest, """{"error":"invalid_scope","error_description":"AADSTS70011: no scope"}"""),
        ["an unknown error"] = static () => Json(HttpStatusCode.BadRequest, """{"error":"new_error","error_description":"AADSTS1: new"}"""),
    };

    public static TheoryData<string> Endings => [.. s_endings.Keys];

    public static TheoryData<string> Outages => [.. s_outages.Keys];

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task Refusal_of_entra_ends_the_grant(string ending)
    {
        using var client = await Client().RegisterAsync();
        var tokens = await client.SignInAsync();
        s_endings[ending](this);

        AttackedSignIn.AssertRefused(await client.RefreshAsync(tokens.RefreshToken), "invalid_grant");
        Sample.Adele.Disabled = false;
        Sample.Server.AssignmentRequired = false;
        Sample.Contoso.ConditionalAccess.Clear();
        AttackedSignIn.AssertRefused(await client.RefreshAsync(tokens.RefreshToken), "invalid_grant");
        Assert.Equal(0, Emulator.Requests.CountOfPrompt("consent"));
    }

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Outage_of_entra_gets_503_and_the_same_token_works_later(string outage)
    {
        using var client = await Client().RegisterAsync();
        var tokens = await client.SignInAsync();
        Upstream = request => Task.FromResult(request.Method == HttpMethod.Post ? s_outages[outage]() : null);

        var refused = await client.RefreshAsync(tokens.RefreshToken);
        Upstream = null;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
        Assert.Equal("temporarily_unavailable", refused.Error);
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(tokens.RefreshToken)).Status);
    }

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Outage_of_entra_in_a_sign_in_shows_a_page(string outage)
    {
        using var client = await Client().RegisterAsync();
        var callback = await AttackedSignIn.StopAtCallbackAsync(client);
        Upstream = request => Task.FromResult(request.Method == HttpMethod.Post ? s_outages[outage]() : null);

        var page = await client.Browser.GoAsync(callback);

        Assert.True(page.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.Forbidden, page.Text);
        AttackedSignIn.AssertIsProtected(page);
        Assert.DoesNotContain("Blocked", page.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task New_keys_of_entra_sign_nobody_out(bool keepOld)
    {
        using var client = await Client().RegisterAsync();
        var tokens = await client.SignInAsync();
        for (var roll = 0; roll < 3; roll++)
        {
            Emulator.Keys.Roll(keepOld);
            var next = await client.RefreshAsync(tokens.RefreshToken);
            Assert.True(next.Status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, next.Body.ToJsonString());
            tokens = next.Status == HttpStatusCode.OK ? next : tokens;
        }
    }

    [Theory]
    [InlineData("another nonce")]
    [InlineData(null)]
    public async Task Id_token_with_a_wrong_nonce_is_refused(string? nonce)
    {
        using var client = await Client().RegisterAsync();
        var callback = await AttackedSignIn.StopAtCallbackAsync(client);
        Upstream = async request =>
        {
            if (request.Method != HttpMethod.Post)
            {
                return null;
            }

            return await ChangeAsync(request, body =>
            {
                var parts = ((string)body["id_token"]!).Split('.');
                var claims = JsonNode.Parse(Base64UrlEncoder.Decode(parts[1]))!;
                claims["nonce"] = nonce;
                body["id_token"] = $"{parts[0]}.{Base64UrlEncoder.Encode(claims.ToJsonString())}.{parts[2]}";
            });
        };

        var page = await client.Browser.GoAsync(callback);

        Assert.Equal(HttpStatusCode.Forbidden, page.Status);
        AttackedSignIn.AssertRefused(page);
    }

    [Fact]
    public async Task Error_page_of_entra_does_not_reach_the_person()
    {
        const string Markup = "<script>alert(1)</script> call evil.example";
        using var client = await Client().RegisterAsync();
        var callback = await AttackedSignIn.StopAtCallbackAsync(client);
        Upstream = request => Task.FromResult(request.Method == HttpMethod.Post
            ? Json(HttpStatusCode.BadRequest, new JsonObject { ["error"] = "bad" + Markup, ["error_description"] = Markup }.ToJsonString())
            : null);

        var page = await client.Browser.GoAsync(callback);

        AttackedSignIn.AssertRefused(page);
        Assert.DoesNotContain("<script", page.Html, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Person_of_another_tenant_is_refused()
    {
        using var client = await Client().RegisterAsync();
        var callback = await AttackedSignIn.StopAtCallbackAsync(client);
        Upstream = async request => request.Method != HttpMethod.Post ? null : await WithAccessTokenAsync(
            request, Emulator.Tokens.AccessToken(new(Sample.Fabrikam, Sample.Server, Sample.Server)
            {
                User = Sample.Fabrikam.Users[0],
                Scopes = ["Mcp.Use"],
            }));

        AttackedSignIn.AssertRefused(await client.Browser.GoAsync(callback));
    }

    [Fact]
    public async Task Person_without_the_scope_is_refused()
    {
        using var client = await Client().RegisterAsync();
        var callback = await AttackedSignIn.StopAtCallbackAsync(client);
        Upstream = async request => request.Method != HttpMethod.Post ? null : await WithAccessTokenAsync(
            request, Emulator.Tokens.AccessToken(new(Sample.Contoso, Sample.Server, Sample.Server)
            {
                User = Sample.Adele,
                Scopes = ["Files.Read"],
            }));

        AttackedSignIn.AssertRefused(await client.Browser.GoAsync(callback));
    }

    [Theory]
    [InlineData("consent")]
    [InlineData("login consent")]
    [InlineData("create")]
    [InlineData("<script>")]
    public async Task Prompt_of_the_client_never_forces_consent_at_entra(string prompt)
    {
        using var client = await Client().RegisterAsync();
        client.Browser.StopsBefore = url => url.Port == Emulator.Addresses.Entra.Port;

        var page = await client.Browser.GoAsync(client.AuthorizeUrl(("prompt", prompt)));

        Assert.DoesNotContain("consent", page.Redirect?.Query ?? "", StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("resource", page.Redirect?.Query ?? "", StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, Emulator.Requests.CountOfPrompt("consent"));
    }

    private Task<HttpResponseMessage> WithAccessTokenAsync(HttpRequestMessage request, string token) =>
        ChangeAsync(request, body => body["access_token"] = token);

    /// <summary>Sends a request to the emulator, and changes the response.</summary>
    private async Task<HttpResponseMessage> ChangeAsync(HttpRequestMessage request, Action<JsonNode> change)
    {
        using var entra = Emulator.CreateClient();
        using var content = new StringContent(
            await request.Content!.ReadAsStringAsync(Cancelled), Encoding.UTF8, "application/x-www-form-urlencoded");
        using var response = await entra.PostAsync(request.RequestUri, content, Cancelled);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancelled))!;
        change(body);
        return Json(HttpStatusCode.OK, body.ToJsonString());
    }

    private static HttpResponseMessage Json(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
}
