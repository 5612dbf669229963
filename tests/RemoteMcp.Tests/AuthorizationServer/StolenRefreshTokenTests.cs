using System.Net;
using Microsoft.IdentityModel.JsonWebTokens;
using RemoteMcp.Testing.Http;
using RemoteMcp.Testing.SignIn;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Tests that a refresh token is worth nothing to another client, and that these attacks do not end the sign-in.</summary>
public sealed class StolenRefreshTokenTests(AttackedSignIn server) : IClassFixture<AttackedSignIn>
{
    private static readonly Dictionary<string, Func<AttackedSignIn, AuthorizationDriver, TokenResponse, Task<TokenResponse>>> s_attacks =
        new()
        {
            ["another client"] = static async (server, _, tokens) =>
            {
                using var attacker = await server.RegisterAsync();
                return await attacker.RefreshAsync(tokens.RefreshToken);
            },
            ["no client id"] = static (_, client, tokens) => client.RefreshAsync(tokens.RefreshToken, ("client_id", null)),
            ["an unknown client id"] = static (_, client, tokens) =>
                client.RefreshAsync(tokens.RefreshToken, ("client_id", "registration.AAAA")),
            ["a client secret"] = static (_, client, tokens) => client.RefreshAsync(tokens.RefreshToken, ("client_secret", "x")),
            ["another resource"] = static (_, client, tokens) =>
                client.RefreshAsync(tokens.RefreshToken, ("resource", "https://evil.example/mcp")),
            ["the access token as the refresh token"] = static (_, client, tokens) => client.RefreshAsync(tokens.AccessToken),
            ["a token with a changed letter"] = static (_, client, tokens) =>
                client.RefreshAsync(AttackedSignIn.Corrupt(tokens.RefreshToken)),
            ["a truncated token"] = static (_, client, tokens) => client.RefreshAsync(tokens.RefreshToken[..^4]),
            ["an empty token"] = static (_, client, _) => client.RefreshAsync(""),
            ["a token that is not base64"] = static (_, client, _) => client.RefreshAsync("%%%<>"),
            ["a long token"] = static (_, client, _) => client.RefreshAsync(new string('a', 20_000)),
            ["the refresh token as a code"] = static (_, client, tokens) => client.RedeemAsync(tokens.RefreshToken),
            ["the token of Entra ID"] = static (server, client, _) => client.RefreshAsync(server.Token()),
        };

    public static TheoryData<string> Attacks => [.. s_attacks.Keys];

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Refresh_is_refused_and_the_client_stays_signed_in(string attack)
    {
        using var client = await server.RegisterAsync();
        var tokens = await client.SignInAsync();

        var response = await s_attacks[attack](server, client, tokens);

        AttackedSignIn.AssertRefused(response, "invalid_grant", "invalid_request", "invalid_client", "invalid_target");
        Assert.Equal(HttpStatusCode.OK, (await client.RefreshAsync(tokens.RefreshToken)).Status);
    }

    [Theory]
    [InlineData("Admin.All")]
    [InlineData("Mcp.Use Files.Write Admin.All")]
    [InlineData("openid profile email offline_access")]
    [InlineData("Mcp.Use")]
    [InlineData("https://graph.microsoft.com/.default")]
    public async Task Refresh_never_gets_more_scopes_and_asking_does_not_sign_out(string scope)
    {
        using var client = await server.RegisterAsync();
        var tokens = await client.SignInAsync();

        var response = await client.RefreshAsync(tokens.RefreshToken, ("scope", scope));

        Assert.Equal(HttpStatusCode.OK, response.Status);
        Assert.Equal("Mcp.Use", new JsonWebToken(response.AccessToken).GetClaim("scp").Value);
    }

    [Fact]
    public async Task Refresh_token_is_not_an_access_token()
    {
        using var client = await server.RegisterAsync();
        var tokens = await client.SignInAsync();

        using var response = await server.SendAsync(Messages.PostStateless(Messages.StatelessListTools), tokens.RefreshToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }
}
