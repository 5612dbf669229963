using System.Net;
using System.Text.Json;
using Azure.Core;
using Azure.Identity;
using Microsoft.IdentityModel.JsonWebTokens;
using RemoteMcp.Emulators;
using RemoteMcp.Emulators.Directories;
using Xunit;

namespace RemoteMcp.Tests.Emulators;

[Collection(nameof(NonParallel))]
public sealed class ManagedIdentityTests : EmulatedTenant
{
    private const string Storage = "https://storage.azure.com";

    private readonly AssignedIdentity _own = new()
    {
        // MSAL caches the tokens of managed identities for the entire process, so each test has its own ids.
        ClientId = Guid.NewGuid().ToString(),
        ObjectId = Guid.NewGuid().ToString(),
        ResourceId = "/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/" + Guid.NewGuid(),
    };

    private ProcessEnvironment? _environment;

    public override async ValueTask InitializeAsync()
    {
        Sample.Contoso.ManagedIdentities.Add(_own);
        await base.InitializeAsync();
        _environment = new ProcessEnvironment(Emulator.IdentityEnvironment);
    }

    public override ValueTask DisposeAsync()
    {
        _environment?.Dispose();
        return base.DisposeAsync();
    }

    [Theory]
    [InlineData("https://storage.azure.com/.default", "https://storage.azure.com")]
    [InlineData("https://management.azure.com//.default", "https://management.azure.com/")]
    [InlineData("https://vault.azure.net/.default", "https://vault.azure.net")]
    [InlineData("https://api.loganalytics.io/.default", "https://api.loganalytics.io")]
    public async Task The_real_credential_gets_a_v1_token_of_its_tenant(string scope, string audience)
    {
        var token = await TokenAsync(ManagedIdentityId.FromUserAssignedClientId(_own.ClientId), scope);

        Assert.Equal(audience, token.Audiences.Single());
        Assert.Equal($"https://sts.windows.net/{SampleDirectory.ContosoId}/", token.Issuer);
        Assert.Equal(_own.ObjectId, token.Subject);
        Assert.Equal(_own.ClientId, token.GetClaim("appid").Value);
        Assert.Equal("2", token.GetClaim("appidacr").Value);
        Assert.Equal("app", token.GetClaim("idtyp").Value);
        Assert.Equal(_own.ResourceId, token.GetClaim("xms_mirid").Value);
    }

    [Fact]
    public async Task The_token_exchange_gets_a_v2_token_with_an_id_as_audience()
    {
        var token = await TokenAsync(
            ManagedIdentityId.FromUserAssignedClientId(_own.ClientId), MicrosoftApplications.TokenExchangeAudience + "/.default");

        Assert.Equal(MicrosoftApplications.TokenExchangeId, token.Audiences.Single());
        Assert.Equal(Emulator.Addresses.IssuerV2(SampleDirectory.ContosoId), token.Issuer);
        Assert.Equal(_own.ObjectId, token.Subject);
    }

    [Fact]
    public async Task An_identity_is_found_by_resource_id_by_object_id_or_as_system_identity()
    {
        Assert.Equal(
            _own.ObjectId,
            (await TokenAsync(ManagedIdentityId.FromUserAssignedResourceId(new ResourceIdentifier(_own.ResourceId)))).Subject);
        Assert.Equal(_own.ObjectId, (await TokenAsync(ManagedIdentityId.FromUserAssignedObjectId(_own.ObjectId))).Subject);
        Assert.Equal(SampleDirectory.SystemIdentityClientId, (await TokenAsync(ManagedIdentityId.SystemAssigned)).GetClaim("appid").Value);
    }

    [Fact]
    public async Task The_real_credential_fails_for_an_identity_that_is_not_assigned()
    {
        var exception = await Assert.ThrowsAnyAsync<AuthenticationFailedException>(() =>
            TokenAsync(ManagedIdentityId.FromUserAssignedClientId("30000000-0000-4000-8000-00000000dead")));

        Assert.Contains("No User Assigned or Delegated Managed Identity found", exception.ToString());
    }

    [Theory]
    [InlineData("right", "2019-08-01", "resource=https://storage.azure.com", HttpStatusCode.OK)]
    [InlineData("wrong", "2019-08-01", "resource=https://storage.azure.com", HttpStatusCode.Unauthorized)]
    [InlineData(null, "2019-08-01", "resource=https://storage.azure.com", HttpStatusCode.Unauthorized)]
    [InlineData("right", "2017-09-01", "resource=https://storage.azure.com", HttpStatusCode.BadRequest)]
    [InlineData("right", "2019-08-01", "", HttpStatusCode.BadRequest)]
    [InlineData("right", "2019-08-01", "resource=https://unknown.example", HttpStatusCode.BadRequest)]
    [InlineData("right", "2019-08-01", "resource=https://storage.azure.com&client_id=x", HttpStatusCode.BadRequest)]
    [InlineData(
        "right",
        "2019-08-01",
        "resource=https://storage.azure.com&client_id=30000000-0000-4000-8000-000000000001&mi_res_id=/x",
        HttpStatusCode.BadRequest)]
    public async Task The_endpoint_responds_like_App_Service(string? header, string version, string query, HttpStatusCode status)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Emulator.Addresses.IdentityEndpoint}?api-version={version}&{query}");
        if (header is not null)
        {
            request.Headers.Add("X-IDENTITY-HEADER", header == "right" ? Emulator.IdentityEnvironment["IDENTITY_HEADER"] : header);
        }

        using var response = await client.SendAsync(request, Cancelled);

        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancelled)).RootElement;
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK, body.TryGetProperty("access_token", out _));
        Assert.Equal(status != HttpStatusCode.OK, body.TryGetProperty("statusCode", out _) && body.TryGetProperty("correlationId", out _));
    }

    private static async Task<JsonWebToken> TokenAsync(ManagedIdentityId identity, string scope = Storage + "/.default")
    {
        var token = await new ManagedIdentityCredential(identity).GetTokenAsync(new TokenRequestContext([scope]), Cancelled);
        return new JsonWebToken(token.Token);
    }
}
