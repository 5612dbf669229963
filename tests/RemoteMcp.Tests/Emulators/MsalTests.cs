using System.Text.Json;
using Microsoft.Identity.Client;
using Microsoft.Identity.Client.Extensibility;
using Microsoft.IdentityModel.JsonWebTokens;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

/// <summary>Tests with the real MSAL.NET, including authority validation and instance discovery.</summary>
public sealed class MsalTests : EmulatedTenant, IMsalHttpClientFactory
{
    private static readonly string[] s_serverScope = [OAuthDriver.ServerScope];
    private static readonly string[] s_graphScope = ["https://graph.microsoft.com/User.Read"];

    private string Authority => Emulator.Addresses.Entra + SampleDirectory.ContosoId;

    [Fact]
    public async Task A_public_client_signs_in_with_a_code_and_refreshes_silently()
    {
        var client = PublicClient();

        var signedIn = await client.AcquireTokenInteractive(s_serverScope)
            .WithCustomWebUi(new Browser(Emulator, Sample.Adele))
            .ExecuteAsync(Cancelled);
        var silent = await client.AcquireTokenSilent(s_serverScope, signedIn.Account).WithForceRefresh(true).ExecuteAsync(Cancelled);

        Assert.Equal(Sample.Adele.PrincipalName, signedIn.Account.Username);
        Assert.Equal(SampleDirectory.ContosoId, signedIn.TenantId);
        Assert.NotEqual(signedIn.AccessToken, silent.AccessToken);
        Assert.Equal("Mcp.Use", new JsonWebToken(silent.AccessToken).GetClaim("scp").Value);
    }

    [Fact]
    public async Task A_public_client_signs_in_with_a_device_code()
    {
        Emulator.SignIn = SignInMode.Form;
        var result = await PublicClient().AcquireTokenWithDeviceCode(s_serverScope, async device =>
        {
            using var browser = Emulator.CreateClient();
            using var answer = await browser.PostAsync(
                device.VerificationUrl + "?otc=" + device.UserCode,
                new FormUrlEncodedContent([KeyValuePair.Create("user", Sample.Megan.ObjectId)]),
                Cancelled);
            Assert.Contains("You may close this window", await answer.Content.ReadAsStringAsync(Cancelled));
        }).ExecuteAsync(Cancelled);

        Assert.Equal(Sample.Megan.PrincipalName, result.Account.Username);
    }

    [Fact]
    public async Task A_confidential_client_gets_a_token_for_itself_with_a_secret()
    {
        var client = ConfidentialClientApplicationBuilder.Create(SampleDirectory.DaemonId)
            .WithClientSecret(SampleDirectory.DaemonSecret)
            .WithAuthority(Authority)
            .WithHttpClientFactory(this)
            .Build();

        var result = await client.AcquireTokenForClient([SampleDirectory.ServerUri + "/.default"]).ExecuteAsync(Cancelled);

        Assert.Equal(["Mcp.Invoke"], new JsonWebToken(result.AccessToken).GetPayloadValue<string[]>("roles"));
    }

    [Fact]
    public async Task A_confidential_client_with_an_assertion_acts_on_behalf_of_its_caller()
    {
        var caller = await OAuth.SignInAndRedeemAsync();

        var result = await Server().AcquireTokenOnBehalfOf(s_graphScope, new UserAssertion(caller.AccessToken)).ExecuteAsync(Cancelled);

        Assert.Equal(Sample.Adele.ObjectId, new JsonWebToken(result.AccessToken).GetClaim("oid").Value);
    }

    [Fact]
    public async Task A_claims_challenge_reaches_the_caller_of_MSAL()
    {
        Sample.Contoso.ConditionalAccess[MicrosoftApplications.GraphId] = new(ConditionalAccessDecision.RequireMultifactor, "policy-1");
        var caller = await OAuth.SignInAndRedeemAsync();

        var exception = await Assert.ThrowsAsync<MsalClaimsChallengeException>(() =>
            Server().AcquireTokenOnBehalfOf(s_graphScope, new UserAssertion(caller.AccessToken)).ExecuteAsync(Cancelled));

        Assert.Equal(UiRequiredExceptionClassification.BasicAction, exception.Classification);
        Assert.Equal("policy-1", JsonDocument.Parse(exception.Claims).RootElement
            .GetProperty("access_token").GetProperty("capolids").GetProperty("values")[0].GetString());
    }

    [Fact]
    public async Task Missing_consent_reaches_the_caller_of_MSAL()
    {
        Sample.Contoso.RevokeConsents();
        var caller = await OAuth.SignInAndRedeemAsync();

        var exception = await Assert.ThrowsAsync<MsalUiRequiredException>(() =>
            Server().AcquireTokenOnBehalfOf(s_graphScope, new UserAssertion(caller.AccessToken)).ExecuteAsync(Cancelled));

        Assert.Equal(UiRequiredExceptionClassification.ConsentRequired, exception.Classification);
        Assert.Contains("AADSTS65001", exception.Message);
    }

    public HttpClient GetHttpClient() => Emulator.CreateClient();

    private IPublicClientApplication PublicClient() => PublicClientApplicationBuilder.Create(SampleDirectory.DesktopClientId)
        .WithAuthority(Authority)
        .WithRedirectUri("http://localhost")
        .WithHttpClientFactory(this)
        .Build();

    private IConfidentialClientApplication Server() => ConfidentialClientApplicationBuilder.Create(SampleDirectory.ServerId)
        .WithClientAssertion((AssertionRequestOptions _) => Task.FromResult(Emulator.Tokens.AccessToken(
            new AccessTokenRequest(
                Sample.Contoso, Sample.Daemon, Sample.Directory.FindResource(MicrosoftApplications.TokenExchangeAudience, Sample.Contoso)!)
            {
                PrincipalId = SampleDirectory.IdentityObjectId,
            })))
        .WithAuthority(Authority)
        .WithHttpClientFactory(this)
        .Build();

    /// <summary>
    /// Selects an account on the page that MSAL requests (<c>prompt=select_account</c>), and stops at the redirect to the client.
    /// </summary>
    private sealed class Browser(Emulator emulator, User user) : ICustomWebUi
    {
        public async Task<Uri> AcquireAuthorizationCodeAsync(Uri authorizationUri, Uri redirectUri, CancellationToken cancellationToken)
        {
            using var client = emulator.CreateClient(followRedirects: false);
            Assert.Contains(user.ObjectId, await client.GetStringAsync(authorizationUri, cancellationToken));
            using var pressed = new FormUrlEncodedContent([KeyValuePair.Create("user", user.ObjectId)]);
            using var response = await client.PostAsync(authorizationUri, pressed, cancellationToken);
            return response.Headers.Location!;
        }
    }
}
