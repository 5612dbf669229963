using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Web;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Emulators.Entra;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

/// <summary>
/// The real Microsoft.Identity.Web: it downloads keys and issuers, validates, and calls Graph on behalf of the caller
/// with the managed identity's token as its only credential.
/// </summary>
[Collection(nameof(ProcessEnvironment))]
public sealed class IdentityWebTests : EmulatedTenant
{
    private readonly ManagedIdentity _identity = new()
    {
        ClientId = Guid.NewGuid().ToString(),
        ObjectId = Guid.NewGuid().ToString(),
        ResourceId = "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/api",
    };

    private IDisposable? _environment;
    private WebApplication _api = null!;
    private HttpClient _http = null!;

    public override async ValueTask InitializeAsync()
    {
        Sample.Contoso.ManagedIdentities.Add(_identity);
        Sample.Server.FederatedCredentials.Add(new FederatedCredential(FederatedCredential.HomeTenantIssuer, _identity.ObjectId));
        await base.InitializeAsync();
        _environment = ProcessEnvironment.Use(Emulator);
        _api = BuildApi();
        await _api.StartAsync(Cancelled);
        _http = new HttpClient { BaseAddress = new Uri(_api.Urls.First()) };
    }

    public override async ValueTask DisposeAsync()
    {
        _environment?.Dispose();
        _http?.Dispose();
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }
        await base.DisposeAsync();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    public async Task A_token_of_either_version_is_validated_by_what_the_emulator_publishes(int version)
    {
        Sample.Server.AccessTokenVersion = version;

        var (status, body) = await GetAsync("/who", (await OAuth.SignInAndRedeemAsync()).AccessToken);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(Sample.Adele.ObjectId, body.GetProperty("oid").GetString());
    }

    [Fact]
    public async Task A_rolled_key_is_found_without_a_restart()
    {
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/who", (await OAuth.SignInAndRedeemAsync()).AccessToken)).Status);
        Emulator.Keys.Roll(keepOld: false);

        var renewed = (await OAuth.SignInAndRedeemAsync()).AccessToken;

        // The first request with an unknown key asks for the keys; one of the next ones finds them.
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        bound.CancelAfter(TimeSpan.FromSeconds(30));
        while ((await GetAsync("/who", renewed)).Status != HttpStatusCode.OK)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), bound.Token);
        }
    }

    [Theory]
    [InlineData("iss", "https://localhost/elsewhere/v2.0")]
    [InlineData("tid", SampleDirectory.FabrikamId)]
    [InlineData("aud", SampleDirectory.DesktopClientId)]
    [InlineData("exp", 1L)]
    [InlineData("scp", null)]
    public async Task A_token_is_refused_with_a_wrong(string claim, object? value)
    {
        var token = Emulator.Tokens.AccessToken(new AccessTokenRequest(Sample.Contoso, Sample.DesktopClient, Sample.Server)
        {
            User = Sample.Adele,
            Scopes = ["Mcp.Use"],
            Overrides = new Dictionary<string, object?> { [claim] = value },
        });

        Assert.Equal(HttpStatusCode.Unauthorized, (await GetAsync("/who", token)).Status);
    }

    [Fact]
    public async Task Graph_is_called_on_behalf_of_the_caller_with_the_managed_identity_as_credential()
    {
        var (status, me) = await GetAsync("/me", (await OAuth.SignInAndRedeemAsync(("login_hint", Sample.Megan.PrincipalName))).AccessToken);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Megan Bowen", me.GetProperty("displayName").GetString());
        Assert.Equal(1, Emulator.Requests.CountOf("/msi/token"));
    }

    [Fact]
    public async Task The_api_gets_a_token_for_itself_with_the_managed_identity_as_credential()
    {
        var (status, token) = await GetAsync("/itself", (await OAuth.SignInAndRedeemAsync()).AccessToken);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("2", token.GetProperty("appidacr").GetString());
    }

    [Fact]
    public async Task A_missing_consent_is_told_as_such()
    {
        Sample.Contoso.RevokeConsents();

        var (status, body) = await GetAsync("/me", (await OAuth.SignInAndRedeemAsync()).AccessToken);

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Contains("AADSTS65001", body.GetProperty("error").GetString());
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var response = await _http.SendAsync(request, Cancelled);
        var body = await response.Content.ReadAsStringAsync(Cancelled);
        return (response.StatusCode, body.Length > 0 ? JsonDocument.Parse(body).RootElement : default);
    }

    private WebApplication BuildApi()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AzureAd:Instance"] = Emulator.Addresses.Entra.ToString(),
            ["AzureAd:TenantId"] = SampleDirectory.ContosoId,
            ["AzureAd:ClientId"] = SampleDirectory.ServerId,
            ["AzureAd:ClientCredentials:0:SourceType"] = "SignedAssertionFromManagedIdentity",
            ["AzureAd:ClientCredentials:0:ManagedIdentityClientId"] = _identity.ClientId,
            // Microsoft.Identity.Web derives it from the host of Microsoft's clouds only.
            ["AzureAd:ClientCredentials:0:TokenExchangeUrl"] = MicrosoftApplications.TokenExchangeAudience,
        });
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddMicrosoftIdentityWebApi(builder.Configuration.GetSection("AzureAd"))
            .EnableTokenAcquisitionToCallDownstreamApi()
            .AddInMemoryTokenCaches();
        builder.Services.AddAuthorization();
        TrustEmulator(builder.Services);
        var api = builder.Build();
        api.UseAuthentication();
        api.UseAuthorization();
        api.MapGet("/who", (ClaimsPrincipal user) => new { oid = user.GetObjectId() }).RequireAuthorization();
        api.MapGet("/me", async (ITokenAcquisition tokens) =>
        {
            try
            {
                var token = await tokens.GetAccessTokenForUserAsync(["https://graph.microsoft.com/User.Read"]);
                using var graph = Emulator.CreateClient();
                graph.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
                return Results.Json(await graph.GetFromJsonAsync<JsonElement>(new Uri(Emulator.Addresses.Graph, "me")));
            }
            catch (MicrosoftIdentityWebChallengeUserException exception)
            {
                return Results.Json(new { error = exception.MsalUiRequiredException.Message }, statusCode: StatusCodes.Status403Forbidden);
            }
        }).RequireAuthorization();
        api.MapGet("/itself", async (ITokenAcquisition tokens) =>
        {
            var token = await tokens.GetAccessTokenForAppAsync("https://graph.microsoft.com/.default");
            return new { appidacr = new Microsoft.IdentityModel.JsonWebTokens.JsonWebToken(token).GetClaim("appidacr").Value };
        }).RequireAuthorization();
        return api;
    }

    // Three clients of Microsoft.Identity.Web: of the keys, of the issuers, and MSAL's. A process of its own trusts by SSL_CERT_FILE.
    private void TrustEmulator(IServiceCollection services)
    {
        services.Configure<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme, options =>
        {
            options.BackchannelHttpHandler = Emulator.CreateHandler();
            options.RefreshOnIssuerKeyNotFound = true;
        });
        services.Configure<AadIssuerValidatorOptions>(options => options.HttpClientName = "issuers");
        services.AddHttpClient("issuers").ConfigurePrimaryHttpMessageHandler(() => Emulator.CreateHandler());
        services.AddHttpClient(Options.DefaultName).ConfigurePrimaryHttpMessageHandler(() => Emulator.CreateHandler());
    }
}
