using System.Text.Json;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

/// <summary>Tests Conditional Access policies that an administrator sets while users are signed in.</summary>
public sealed class SecondFactorTests : EmulatedTenant
{
    private WebClient Web => new(Emulator, Sample, OAuth);

    [Theory]
    [InlineData(ConditionalAccessDecision.RequireMultifactor, 50076)]
    [InlineData(ConditionalAccessDecision.Block, 53003)]
    public async Task A_policy_ends_the_refresh_of_an_earlier_sign_in(ConditionalAccessDecision decision, int code)
    {
        var tokens = await Web.SignInAsync();
        Require(SampleDirectory.ServerId, decision);

        var answer = await Web.RefreshAsync(tokens.RefreshToken);

        Assert.Equal((code, "invalid_grant"), (answer.Refusal, answer.String("error")));
        using var challenge = JsonDocument.Parse(answer.String("claims"));
        Assert.Equal(
            "policy-1",
            challenge.RootElement.GetProperty("access_token").GetProperty("capolids").GetProperty("values")[0].GetString());
    }

    [Fact]
    public async Task A_sign_in_with_the_challenge_and_a_second_factor_satisfies_the_policy()
    {
        Emulator.SignIn = SignInMode.Form;
        Require(MicrosoftApplications.GraphId, ConditionalAccessDecision.RequireMultifactor);
        var request = OAuthDriver.SignIn(
            ("client_id", SampleDirectory.ServerId), ("redirect_uri", WebClient.Redirect), ("scope", WebClient.Scope));
        Dictionary<string, string?> account = new() { ["user"] = Sample.Adele.ObjectId };
        var first = await Web.RedeemAsync((await OAuth.AuthorizeAsync(request, account)).Code);
        var refused = await ForGraphAsync(first.RefreshToken);
        request["claims"] = refused.String("claims");

        var factor = await OAuth.AuthorizeAsync(request, account);
        var second = await Web.RedeemAsync(
            (await OAuth.AuthorizeAsync(request, new(account) { ["factor"] = "approve" })).Code);

        Assert.Equal(50076, refused.Refusal);
        Assert.Contains("Approve sign in request", factor.Html);
        Assert.NotEmpty((await ForGraphAsync(second.RefreshToken)).AccessToken);
        Assert.Equal(50076, (await ForGraphAsync(first.RefreshToken)).Refusal);
    }

    [Fact]
    public async Task A_user_can_cancel_the_second_factor()
    {
        Emulator.SignIn = SignInMode.Form;
        Require(SampleDirectory.ServerId, ConditionalAccessDecision.RequireMultifactor);

        var answer = await OAuth.AuthorizeAsync(
            OAuthDriver.SignIn(), pressed: new() { ["user"] = Sample.Adele.ObjectId, ["decision"] = "cancel" });

        Assert.Equal((65004, "access_denied", "s1"), (answer.Refusal, answer.Parameters["error"], answer.Parameters["state"]));
    }

    [Theory]
    [InlineData("""{"access_token":{"xms_cc":{"values":["cp1"]}}}""", 50076)]
    [InlineData("""{"access_token":{"acrs":{"essential":true,"value":"c1"}}}""", null)]
    public async Task Only_a_challenge_asks_for_the_second_factor(string claims, int? refusal)
    {
        Require(MicrosoftApplications.GraphId, ConditionalAccessDecision.RequireMultifactor);

        var answer = await ForGraphAsync((await Web.SignInAsync(("claims", claims))).RefreshToken);

        Assert.Equal(refusal, answer.Body.TryGetProperty("error_codes", out _) ? answer.Refusal : null);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("[]")]
    public async Task Malformed_claims_are_refused(string claims) =>
        Assert.Equal(9002313, (await Web.AuthorizeAsync(("claims", claims))).Refusal);

    [Fact]
    public async Task A_silent_sign_in_cannot_give_the_second_factor()
    {
        Require(SampleDirectory.ServerId, ConditionalAccessDecision.RequireMultifactor);

        var answer = await Web.AuthorizeAsync(("prompt", "none"));

        Assert.Equal((50076, "interaction_required"), (answer.Refusal, answer.Parameters["error"]));
    }

    private void Require(string resourceId, ConditionalAccessDecision decision) =>
        Sample.Contoso.ConditionalAccess[resourceId] = new(decision, "policy-1");

    private Task<OAuthDriver.TokenAnswer> ForGraphAsync(string refreshToken) =>
        Web.RefreshAsync(refreshToken, ("scope", "https://graph.microsoft.com/User.Read"));
}
