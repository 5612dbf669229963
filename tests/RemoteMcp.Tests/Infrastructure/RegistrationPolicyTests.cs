using RemoteMcp.Testing.Infrastructure;
using Xunit;

namespace RemoteMcp.Tests.Infrastructure;

public sealed class RegistrationPolicyTests
{
    private const string VisualStudioCode = "aebc6443-996d-45c2-90f0-388ff96faa56";

    [PredictedTheory]
    [InlineData(Deployment.Minimal)]
    [InlineData(Deployment.Full)]
    [InlineData(Deployment.TwoRegions)]
    [InlineData(Deployment.Direct)]
    public void The_managed_identity_is_the_registrations_only_credential(string name)
    {
        var deployment = Deployment.Load(name);
        var identity = deployment.AppIdentity();
        var credential = Assert.Single(deployment.Of("Microsoft.Graph/applications/federatedIdentityCredentials"));

        Assert.Equal(Reference.To(identity, "principalId"), credential["properties.subject"]);
        Assert.Equal(
            "[format('{0}{1}/v2.0', environment().authentication.loginEndpoint, '00000000-0000-0000-0000-000000000002')]",
            credential["properties.issuer"]);
        Assert.Equal(
            "api://AzureADTokenExchange",
            Assert.Single(credential.Json.GetProperty("properties").GetProperty("audiences").EnumerateArray()).GetString());
        var registration = Assert.Single(deployment.Of("Microsoft.Graph/applications"));
        Assert.Equal("", registration["properties.keyCredentials"]);
        Assert.Equal(registration["properties.uniqueName"] + "/managed-identity", credential["properties.name"]);
    }

    [PredictedTheory]
    [InlineData(Deployment.Minimal)]
    [InlineData(Deployment.Full)]
    [InlineData(Deployment.TwoRegions)]
    public void The_registration_has_the_permissions_that_the_server_asks_for(string name)
    {
        var registration = Assert.Single(Deployment.Load(name).Of("Microsoft.Graph/applications"));
        var api = registration.Json.GetProperty("properties").GetProperty("api");

        Assert.Equal("AzureADMyOrg", registration["properties.signInAudience"]);
        Assert.Equal(2, api.GetProperty("requestedAccessTokenVersion").GetInt32());
        Assert.Equal(
            ["Mcp.Use", "Files.Write", "Azure.Read"],
            api.GetProperty("oauth2PermissionScopes").EnumerateArray().Select(static scope => scope.GetProperty("value").GetString()));
        Assert.Equal(
            ["Mcp.Invoke", "Files.Write.All", "Azure.Read.All", "Mcp.Admin", "Mcp.User"],
            registration.Json.GetProperty("properties")
                .GetProperty("appRoles")
                .EnumerateArray()
                .Select(static role => role.GetProperty("value").GetString()));
    }

    [PredictedTheory]
    [InlineData(Deployment.Minimal)]
    [InlineData(Deployment.Full, "tools.contoso.com")]
    [InlineData(Deployment.TwoRegions, "tools.contoso.com")]
    public void Entra_returns_browsers_to_each_host_name_of_the_server(string name, params string[] domains)
    {
        var deployment = Deployment.Load(name);
        var web = Assert.Single(deployment.Of("Microsoft.Graph/applications")).Json.GetProperty("properties").GetProperty("web");
        var hosts = domains.Append(deployment.Of("Microsoft.Web/sites").First().Name + ".azurewebsites.net");

        var redirects = web.GetProperty("redirectUris").EnumerateArray().Select(static uri => uri.GetString()).ToList();
        Assert.Equal(hosts.Select(static host => $"https://{host}/oauth/callback"), redirects);
        Assert.Equal(redirects[0], deployment.Outputs.GetProperty("MCP_CALLBACK_URL").GetString());
    }

    [PredictedTheory]
    [InlineData(Deployment.Direct)]
    public void A_server_that_signs_nobody_in_has_no_redirect_URI(string name)
    {
        var registration = Assert.Single(Deployment.Load(name).Of("Microsoft.Graph/applications"));

        Assert.Equal("[]", registration["properties.web.redirectUris"]);
    }

    // Names and user names are in the tokens of a sign-in only with `profile`, and a sign-in is refreshed only with `offline_access`.
    [PredictedTheory]
    [InlineData(Deployment.Minimal)]
    [InlineData(Deployment.Full)]
    public void The_registration_lists_the_permissions_that_a_sign_in_needs(string name)
    {
        var registration = Assert.Single(Deployment.Load(name).Of("Microsoft.Graph/applications"));
        var graph = Assert.Single(
            registration.Json.GetProperty("properties").GetProperty("requiredResourceAccess").EnumerateArray());

        Assert.Equal("00000003-0000-0000-c000-000000000000", graph.GetProperty("resourceAppId").GetString());
        Assert.Equal(
            [
                "14dad69e-099b-42c9-810b-d002981feec1", // profile
                "37f7f235-527c-4136-accd-4a02d197296e", // openid
                "7427e0e9-2fba-42fe-b0c0-848c9e6a8182", // offline_access
                "e1fe6dd8-ba31-4d61-89e7-88639da4683d", // User.Read
            ],
            graph.GetProperty("resourceAccess").EnumerateArray().Select(static access => access.GetProperty("id").GetString()).Order());
    }

    [PredictedTheory]
    [InlineData(Deployment.Minimal)]
    [InlineData(Deployment.Full, "Mcp.Use", "offline_access openid profile User.Read")]
    [InlineData(Deployment.Direct, "offline_access openid profile User.Read")]
    public void Consent_for_the_tenant_covers_the_sign_in(string name, params string[] scopes) => Assert.Equal(
        scopes,
        Deployment.Load(name).Of("Microsoft.Graph/oauth2PermissionGrants").Select(static consent => consent["properties.scope"])
            .Order(StringComparer.Ordinal));

    // The Graph extension sets no owner. With Application.ReadWrite.OwnedBy, a pipeline can change only applications that it owns.
    [PredictedTheory]
    [InlineData(Deployment.Minimal)]
    [InlineData(Deployment.Full)]
    [InlineData(Deployment.TwoRegions)]
    public void The_deployer_becomes_an_additional_owner(string name)
    {
        var deployment = Deployment.Load(name);
        string[] types = ["Microsoft.Graph/applications", "Microsoft.Graph/servicePrincipals"];

        Assert.All(types, type =>
        {
            var made = Assert.Single(deployment.Of(type), static resource => !resource.Json.TryGetProperty("existing", out _));
            var owners = made.Json.GetProperty("properties").GetProperty("owners");
            Assert.Equal("append", owners.GetProperty("relationshipSemantics").GetString());
            Assert.Equal("[deployer().objectId]", Assert.Single(owners.GetProperty("relationships").EnumerateArray()).GetString());
        });
    }

    [PredictedTheory]
    [InlineData(Deployment.Minimal, "null")]
    [InlineData(Deployment.Full, "44444444-4444-4444-4444-444444444444")]
    public void The_registration_has_the_configured_service_management_reference(string name, string reference)
    {
        var registration = Assert.Single(Deployment.Load(name).Of("Microsoft.Graph/applications"));

        Assert.Equal(reference, registration["properties.serviceManagementReference"]);
    }

    [PredictedTheory]
    [InlineData(Deployment.Minimal, VisualStudioCode)]
    [InlineData(Deployment.Full, VisualStudioCode, "11111111-1111-1111-1111-111111111111")]
    public void Preauthorized_clients_get_only_the_permission_to_use_the_tools(string name, params string[] clients)
    {
        var api = Assert.Single(Deployment.Load(name).Of("Microsoft.Graph/applications")).Json.GetProperty("properties").GetProperty("api");
        var use = api.GetProperty("oauth2PermissionScopes").EnumerateArray()
            .Single(static scope => scope.GetProperty("value").GetString() == "Mcp.Use")
            .GetProperty("id").GetString();
        var preauthorized = api.GetProperty("preAuthorizedApplications").EnumerateArray().ToList();

        Assert.Equal(clients, preauthorized.Select(static client => client.GetProperty("appId").GetString()));
        Assert.All(
            preauthorized,
            client => Assert.Equal(use, Assert.Single(client.GetProperty("delegatedPermissionIds").EnumerateArray()).GetString()));
    }

    [PredictedTheory]
    [InlineData(Deployment.Full)]
    public void Only_members_of_configured_groups_can_sign_in(string name)
    {
        var deployment = Deployment.Load(name);

        Assert.Contains(
            deployment.Of("Microsoft.Graph/servicePrincipals"),
            static principal => principal["properties.appRoleAssignmentRequired"] == "true");
        Assert.Equal(
            "22222222-2222-2222-2222-222222222222",
            Assert.Single(deployment.Of("Microsoft.Graph/appRoleAssignedTo"))["properties.principalId"]);
    }

    [PredictedTheory]
    [InlineData(Deployment.OwnRegistration)]
    public void With_an_existing_registration_nothing_changes_in_Entra(string name) =>
        Assert.DoesNotContain(
            Deployment.Load(name).Resources, static resource => resource.Type.StartsWith("Microsoft.Graph/", StringComparison.Ordinal));

    [PredictedTheory]
    [InlineData(Deployment.Full, "https://tools.contoso.com/mcp")]
    public void The_endpoint_on_a_custom_domain_is_an_identifier_URI(string name, string url)
    {
        var deployment = Deployment.Load(name);

        var application = Assert.Single(deployment.Of("Microsoft.Graph/applications"));
        Assert.Equal(url, application.Json.GetProperty("properties").GetProperty("identifierUris")[0].GetString());
        Assert.Equal(url, deployment.Outputs.GetProperty("MCP_URL").GetString());
        Assert.All(deployment.AppSettings(), settings => Assert.Equal(url, settings["RemoteMcp__Auth__Audiences__0"]));
    }
}
