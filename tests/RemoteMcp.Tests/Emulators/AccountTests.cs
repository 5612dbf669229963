using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

/// <summary>Tests what happens to sign-ins and grants when an administrator disables an account or revokes its sessions.</summary>
public sealed class AccountTests : EmulatedTenant
{
    [Fact]
    public async Task A_disabled_account_cannot_sign_in()
    {
        Sample.Adele.Disabled = true;
        Emulator.SignIn = SignInMode.Form;

        var answer = await OAuth.AuthorizeAsync(OAuthDriver.SignIn(), pressed: new() { ["user"] = Sample.Adele.ObjectId });

        Assert.Equal(50057, answer.Refusal);
        Assert.Null(answer.Location);
    }

    [Fact]
    public async Task Grants_of_a_disabled_account_give_no_tokens()
    {
        var tokens = await OAuth.SignInAndRedeemAsync();
        var code = (await OAuth.AuthorizeAsync(OAuthDriver.SignIn())).Code;
        Sample.Adele.Disabled = true;

        var refreshed = await OAuth.RefreshAsync(tokens.RefreshToken);
        var redeemed = await OAuth.RedeemAsync(code);
        var exchanged = await OnBehalfOfAsync(tokens.AccessToken);

        Assert.All([refreshed, redeemed, exchanged], answer =>
            Assert.Equal((50057, "invalid_grant"), (answer.Refusal, answer.String("error"))));
    }

    [Fact]
    public async Task An_enabled_account_continues_with_its_grants()
    {
        var tokens = await OAuth.SignInAndRedeemAsync();
        Sample.Adele.Disabled = true;
        Sample.Adele.Disabled = false;

        Assert.NotEmpty((await OAuth.RefreshAsync(tokens.RefreshToken)).AccessToken);
    }

    [Fact]
    public async Task Revoked_sessions_give_no_tokens_and_the_user_can_sign_in_again()
    {
        var tokens = await OAuth.SignInAndRedeemAsync();
        var code = (await OAuth.AuthorizeAsync(OAuthDriver.SignIn())).Code;
        Emulator.RevokeSessions(Sample.Adele);

        var refreshed = await OAuth.RefreshAsync(tokens.RefreshToken);
        var redeemed = await OAuth.RedeemAsync(code);
        var exchanged = await OnBehalfOfAsync(tokens.AccessToken);
        var again = await OAuth.RefreshAsync((await OAuth.SignInAndRedeemAsync()).RefreshToken);

        Assert.All([refreshed, redeemed, exchanged], answer =>
            Assert.Equal((50173, "invalid_grant"), (answer.Refusal, answer.String("error"))));
        Assert.NotEmpty(again.AccessToken);
    }

    [Fact]
    public async Task Sessions_of_other_users_stay_when_those_of_one_are_revoked()
    {
        var tokens = await OAuth.SignInAndRedeemAsync(("login_hint", Sample.Megan.PrincipalName));
        Emulator.RevokeSessions(Sample.Adele);

        Assert.NotEmpty((await OAuth.RefreshAsync(tokens.RefreshToken)).AccessToken);
    }

    private Task<OAuthDriver.TokenAnswer> OnBehalfOfAsync(string assertion) => OAuth.TokenAsync(
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("requested_token_use", "on_behalf_of"),
        ("client_id", SampleDirectory.ServerId),
        ("client_secret", SampleDirectory.ServerSecret),
        ("assertion", assertion),
        ("scope", "https://graph.microsoft.com/User.Read"));
}
