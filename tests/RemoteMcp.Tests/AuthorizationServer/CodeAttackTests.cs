using System.Net;
using RemoteMcp.Testing.Http;
using RemoteMcp.Testing.SignIn;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Tests that an authorization code is worth nothing without everything to which it is bound.</summary>
public sealed class CodeAttackTests(AttackedSignIn server) : IClassFixture<AttackedSignIn>
{
    private static readonly Dictionary<string, Func<AttackedSignIn, AuthorizationDriver, string, Task<TokenResponse>>> s_attacks = new()
    {
        ["another client injects the code"] = static async (server, client, code) =>
        {
            using var attacker = await server.RegisterAsync();
            return await attacker.RedeemAsync(code);
        },
        ["no client id"] = static (_, client, code) => client.RedeemAsync(code, ("client_id", null)),
        ["an empty client id"] = static (_, client, code) => client.RedeemAsync(code, ("client_id", "")),
        ["the client id of Entra ID's app registration"] = static (_, client, code) =>
            client.RedeemAsync(code, ("client_id", "20000000-0000-4000-8000-000000000001")),
        ["a metadata document as the client id"] = static (_, client, code) =>
            client.RedeemAsync(code, ("client_id", "https://127.0.0.1/client.json")),
        ["another redirect URI"] = static (_, client, code) => client.RedeemAsync(code, ("redirect_uri", "https://evil.example/")),
        ["another port of the redirect URI"] = static (_, client, code) =>
            client.RedeemAsync(code, ("redirect_uri", "http://127.0.0.1:51235/callback")),
        ["no redirect URI"] = static (_, client, code) => client.RedeemAsync(code, ("redirect_uri", null)),
        ["another resource"] = static (_, client, code) => client.RedeemAsync(code, ("resource", "https://evil.example/mcp")),
        ["the resource with a query"] = static (_, client, code) => client.RedeemAsync(code, ("resource", client.Resource + "?x=1")),
        ["a longer path as the resource"] = static (_, client, code) => client.RedeemAsync(code, ("resource", client.Resource + "/other")),
        ["a client secret"] = static (_, client, code) => client.RedeemAsync(code, ("client_secret", "sample-server-secret")),
        ["a client assertion"] = static (_, client, code) => client.RedeemAsync(
            code,
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", "e30.e30.e30")),
        ["the code as a refresh token"] = static (_, client, code) => client.RefreshAsync(code),
        ["an empty code"] = static (_, client, code) => client.RedeemAsync(""),
        ["no code"] = static (_, client, code) => client.RedeemAsync(code, ("code", null)),
        ["a code with a changed letter"] = static (_, client, code) =>
            client.RedeemAsync(AttackedSignIn.Corrupt(code)),
        ["a truncated code"] = static (_, client, code) => client.RedeemAsync(code[..^8]),
        ["a code that is not base64"] = static (_, client, code) => client.RedeemAsync("%%%<script>"),
        ["a JSON web token as the code"] = static (_, client, code) => client.RedeemAsync("eyJhbGciOiJub25lIn0.e30."),
        ["a long code"] = static (_, client, code) => client.RedeemAsync(new string('a', 20_000)),
        ["the password of the user"] = static (_, client, code) => client.TokenAsync(
            ("grant_type", "password"), ("client_id", client.ClientId), ("username", "adele@contoso.example"), ("password", "x")),
        ["client credentials"] = static (_, client, code) => client.TokenAsync(
            ("grant_type", "client_credentials"), ("client_id", client.ClientId), ("client_secret", "x")),
        ["a device code"] = static (_, client, code) => client.TokenAsync(
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", client.ClientId), ("device_code", code)),
        ["a token exchange"] = static (_, client, code) => client.TokenAsync(
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), ("client_id", client.ClientId), ("subject_token", code)),
        ["an assertion"] = static (server, client, _) => client.TokenAsync(
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("client_id", client.ClientId), ("assertion", server.Token())),
        ["no grant type"] = static (_, client, code) => client.RedeemAsync(code, ("grant_type", null)),
    };

    public static TheoryData<string> Attacks => [.. s_attacks.Keys];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Code_is_refused_and_stays_valid_for_its_client(string attack)
    {
        using var client = await server.RegisterAsync();
        var code = (await client.AuthorizeAsync())["code"];

        var response = await s_attacks[attack](server, client, code);

        AttackedSignIn.AssertRefused(
            response,
            "invalid_grant", "invalid_request", "invalid_client", "invalid_target", "unsupported_grant_type", "unauthorized_client");
        Assert.Equal(HttpStatusCode.OK, (await client.RedeemAsync(code)).Status);
    }

    [Fact]
    public async Task Code_is_not_an_access_token()
    {
        using var client = await server.RegisterAsync();
        var code = (await client.AuthorizeAsync())["code"];

        using var response = await server.SendAsync(Messages.PostStateless(Messages.StatelessListTools), code);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Of_many_simultaneous_redemptions_at_most_one_succeeds_and_the_grant_ends()
    {
        using var client = await server.RegisterAsync();
        var code = (await client.AuthorizeAsync())["code"];

        var responses = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.RedeemAsync(code)));

        var winner = Assert.Single(responses, static response => response.Status == HttpStatusCode.OK);
        Assert.All(
            responses.Where(response => response != winner),
            static response => AttackedSignIn.AssertRefused(response, "invalid_grant"));
        AttackedSignIn.AssertRefused(await client.RefreshAsync(winner.RefreshToken), "invalid_grant");
    }

    [Fact]
    public async Task Code_of_one_host_name_is_refused_at_another()
    {
        using var client = await server.RegisterAsync();
        var code = (await client.AuthorizeAsync())["code"];
        var localhost = new UriBuilder(server.Server.Url) { Host = "localhost" }.Uri;
        using var other = new AuthorizationDriver(localhost, server.Emulator, server.Server.Url) { ClientId = client.ClientId };

        AttackedSignIn.AssertRefused(await other.RedeemAsync(code), "invalid_target", "invalid_grant");
        AttackedSignIn.AssertRefused(await other.RedeemAsync(code, ("resource", null)), "invalid_target", "invalid_grant");
        Assert.Equal(HttpStatusCode.OK, (await client.RedeemAsync(code)).Status);
    }

    [Theory]
    [InlineData("&code=other")]
    [InlineData("&client_id=other")]
    [InlineData("&code_verifier=other")]
    [InlineData("&redirect_uri=https://evil.example/")]
    [InlineData("&grant_type=refresh_token")]
    public async Task Repeated_parameter_is_refused(string more)
    {
        using var client = await server.RegisterAsync();
        var code = (await client.AuthorizeAsync())["code"];
        var form = $"grant_type=authorization_code&client_id={client.ClientId}&code={Uri.EscapeDataString(code)}"
            + $"&redirect_uri={Uri.EscapeDataString(AuthorizationDriver.Redirect)}&code_verifier={AuthorizationDriver.Verifier}";

        using var response = await server.PostAsync("/oauth/token", form + more);

        await AttackedSignIn.AssertRefusedAsync(response);
        using var valid = await server.PostAsync("/oauth/token", form);
        Assert.Equal(HttpStatusCode.OK, valid.StatusCode);
    }

    [Fact]
    public async Task Parameters_in_the_url_of_the_token_endpoint_do_not_count()
    {
        using var client = await server.RegisterAsync();
        var code = (await client.AuthorizeAsync())["code"];

        using var response = await server.PostAsync(
            $"/oauth/token?grant_type=authorization_code&client_id={client.ClientId}&code={Uri.EscapeDataString(code)}"
                + $"&redirect_uri={Uri.EscapeDataString(AuthorizationDriver.Redirect)}&code_verifier={AuthorizationDriver.Verifier}",
            "");

        await AttackedSignIn.AssertRefusedAsync(response);
    }
}
