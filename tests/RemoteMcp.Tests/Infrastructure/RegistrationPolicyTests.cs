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
    public void The_managed_identity_is_the_registrations_only_credential(string name)
    {
        var deployment = Deployment.Load(name);
        var identity = Assert.Single(deployment.Of("Microsoft.ManagedIdentity/userAssignedIdentities"));
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
