using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

public sealed class RefreshTests : EmulatedTenant
{
    [Fact]
    public async Task A_refresh_token_is_replaced_with_every_use_and_the_old_one_stays_valid()
    {
        var first = await OAuth.SignInAndRedeemAsync();

        var second = await OAuth.RefreshAsync(first.RefreshToken);
        var third = await OAuth.RefreshAsync(second.RefreshToken);
        var again = await OAuth.RefreshAsync(first.RefreshToken);

        Assert.Equal(4, new[] { first, second, third, again }.Select(answer => answer.RefreshToken).Distinct().Count());
        Assert.Equal("Mcp.Use", again.Claims.GetClaim("scp").Value);
    }

    [Fact]
    public async Task A_refresh_token_works_for_another_resource_with_consent()
    {
        await OAuth.SignInAndRedeemAsync(("scope", "User.Read"));
        var server = await OAuth.SignInAndRedeemAsync();

        var graph = await OAuth.RefreshAsync(server.RefreshToken, ("scope", "https://graph.microsoft.com/User.Read"));

        Assert.Equal("https://graph.microsoft.com", graph.Claims.Audiences.Single());
    }

    [Theory]
    [InlineData("refresh_token", "1.made-up", 70000)]
    [InlineData("refresh_token", null, 900144)]
    [InlineData("client_id", SampleDirectory.BrowserClientId, 70000)]
    [InlineData("scope", SampleDirectory.ServerUri + "/Files.Write", 65001)]
    [InlineData("resource", "http://localhost:7071/mcp", 9010010)]
    public async Task An_invalid_refresh_is_refused(string parameter, string? value, int code)
    {
        var tokens = await OAuth.SignInAndRedeemAsync();

        Assert.Equal(code, (await OAuth.RefreshAsync(tokens.RefreshToken, (parameter, value))).Refusal);
    }

    [Fact]
    public async Task A_refresh_token_expires()
    {
        var tokens = await OAuth.SignInAndRedeemAsync();
        Emulator.Clock.Advance(TimeSpan.FromDays(91));

        Assert.Equal(700082, (await OAuth.RefreshAsync(tokens.RefreshToken)).Refusal);
    }

    [Fact]
    public async Task A_refresh_is_refused_after_consent_was_revoked()
    {
        var tokens = await OAuth.SignInAndRedeemAsync();
        Sample.Contoso.RevokeConsents();

        var answer = await OAuth.RefreshAsync(tokens.RefreshToken);

        Assert.Equal((65001, "consent_required"), (answer.Refusal, answer.String("suberror")));
    }
}
