using System.Net;
using RemoteMcp.Emulators;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

/// <summary>Tests sign-in with and without a page: prompts, consent, cancellation, and the response to the client.</summary>
public sealed class SignInPageTests : EmulatedTenant
{
    [Fact]
    public async Task A_user_picks_an_account_on_the_page_and_accepts()
    {
        Emulator.SignIn = SignInMode.Form;

        var page = await OAuth.AuthorizeAsync(OAuthDriver.SignIn());
        var answer = await OAuth.AuthorizeAsync(OAuthDriver.SignIn(), pressed: new() { ["user"] = Sample.Megan.ObjectId });

        Assert.Contains("Mcp.Use on Remote MCP", page.Html);
        Assert.Contains(Sample.Megan.PrincipalName, page.Html);
        Assert.Equal(Sample.Megan.ObjectId, (await OAuth.RedeemAsync(answer.Code)).Claims.GetClaim("oid").Value);
    }

    [Fact]
    public async Task A_cancelled_sign_in_is_reported_to_the_client()
    {
        Emulator.SignIn = SignInMode.Form;

        var answer = await OAuth.AuthorizeAsync(OAuthDriver.SignIn(), pressed: new() { ["decision"] = "cancel" });

        Assert.Equal((65004, "access_denied", "s1"), (answer.Refusal, answer.Parameters["error"], answer.Parameters["state"]));
    }

    [Theory]
    [InlineData("login")]
    [InlineData("select_account")]
    public async Task A_prompt_shows_the_page_even_when_sign_in_is_automatic(string prompt)
    {
        var page = await OAuth.AuthorizeAsync(OAuthDriver.SignIn(("prompt", prompt)));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Pick an account", page.Html);
    }

    [Fact]
    public async Task A_silent_request_succeeds_after_consent_and_fails_without_a_session()
    {
        await OAuth.SignInAndRedeemAsync();

        Assert.NotEmpty((await OAuth.AuthorizeAsync(OAuthDriver.SignIn(("prompt", "none")))).Code);

        Emulator.SignIn = SignInMode.Form;
        Assert.Equal("login_required", (await OAuth.AuthorizeAsync(OAuthDriver.SignIn(("prompt", "none")))).Parameters["error"]);
    }

    [Fact]
    public async Task The_response_uses_the_requested_response_mode()
    {
        var fragment = await OAuth.AuthorizeAsync(OAuthDriver.SignIn(("response_mode", "fragment")));
        var post = await OAuth.AuthorizeAsync(OAuthDriver.SignIn(("response_mode", "form_post")));

        Assert.StartsWith("#code=", fragment.Location!.Fragment);
        Assert.Contains("name=\"code\"", post.Html);
        Assert.Null(post.Location);
    }
}
