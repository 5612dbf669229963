using System.Net;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Tests that an attacker can neither leave out nor weaken the proof key (PKCE).</summary>
public sealed class ProofKeyTests(AttackedSignIn server) : IClassFixture<AttackedSignIn>
{
    [Theory]
    [InlineData(null, null)]
    [InlineData(null, "S256")]
    [InlineData("", "S256")]
    [InlineData("challenge", null)]
    [InlineData("challenge", "")]
    [InlineData("challenge", "plain")]
    [InlineData("challenge", "PLAIN")]
    [InlineData("challenge", "s256")]
    [InlineData("challenge", "S512")]
    [InlineData("challenge", "S256 plain")]
    [InlineData("challenge", "none")]
    public async Task Request_without_s256_starts_no_sign_in(string? challenge, string? method)
    {
        using var client = await server.RegisterAsync();
        var value = challenge == "challenge" ? AuthorizationDriver.Challenge : challenge;

        using var response = await client.GetAsync(
            client.AuthorizeUrl(("code_challenge", value), ("code_challenge_method", method)).PathAndQuery);

        if (response.Headers.Location is { } location)
        {
            Assert.StartsWith(AuthorizationDriver.Redirect, location.ToString(), StringComparison.Ordinal);
            Assert.Equal("invalid_request", AttackedSignIn.ParameterOf(location, "error"));
        }
        else
        {
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("v")]
    [InlineData("wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww")]
    [InlineData("vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv")]
    [InlineData("vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv")]
    [InlineData("VVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVVV")]
    [InlineData("vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv ")]
    [InlineData("the challenge")]
    public async Task Code_needs_its_verifier_and_a_wrong_one_does_not_spend_it(string? verifier)
    {
        using var client = await server.RegisterAsync();
        var code = (await client.AuthorizeAsync())["code"];

        var attack = await client.RedeemAsync(
            code, ("code_verifier", verifier == "the challenge" ? AuthorizationDriver.Challenge : verifier));

        AttackedSignIn.AssertRefused(attack, "invalid_grant", "invalid_request");
        Assert.Equal(HttpStatusCode.OK, (await client.RedeemAsync(code)).Status);
    }

    [Fact]
    public async Task Code_is_bound_to_the_challenge_of_its_own_sign_in()
    {
        using var client = await server.RegisterAsync();
        const string other = "another-challenge-of-the-attacker-123456789";
        var code = (await client.AuthorizeAsync(("code_challenge", other)))["code"];

        AttackedSignIn.AssertRefused(await client.RedeemAsync(code), "invalid_grant");
        AttackedSignIn.AssertRefused(await client.RedeemAsync(code, ("code_verifier", other)), "invalid_grant");
    }
}
