namespace RemoteMcp.EndToEnd.Delivery.Documents;

/// <summary>The commands in the documents that no test runs as shown.</summary>
internal static class ExemptCommands
{
    private const string Azd = "azd with access to a subscription; deploy.yml does the same as `azd up`";
    private const string AzdSetting = "azd with an environment; AgreementTests compare the variables with the templates";
    private const string Az = "the Azure CLI with an account that may do this in the tenant";
    private const string Core = "Azure Functions Core Tools; the functions job of ci.yml starts the app with them and calls it";
    private const string ThisRun = "nothing: the command would start this test run again";
    private const string Value = "nothing: a value that the reader fills in";
    private const string Browser = "a user with a browser; SignedInClientTests run this client with a scripted browser";
    private const string UrlAlone = "a user with a browser; UrlAloneTests run this client with a scripted browser";

    /// <summary>
    /// The commands, and what each of them needs. A command that ends with <c>…</c> is the beginning of a longer command.
    /// </summary>
    public static readonly (string Command, string Needs)[] All =
    [
        ("azd auth login", Azd),
        ("azd deploy", Azd),
        ("azd down", Azd),
        ("azd down --purge", Azd),
        ("azd env get-value MCP_…", Azd),
        ("azd env set", AzdSetting),
        ("azd env set AZURE_LOCATION northeurope", AzdSetting),
        ("azd env set MCP_…", AzdSetting),
        ("azd env set NAME VALUE", AzdSetting),
        ("azd pipeline config --provider github --auth-type federated", Azd),
        ("azd provision", Azd),
        ("azd provision --preview", Azd),
        ("azd up", Azd),
        ("identity=$(azd env get-value MCP_IDENTITY_PRINCIPAL_ID)", Azd),
        ("registration=$(azd env get-value MCP_REGISTRATION_CLIENT_ID)", Azd),

        ("az account get-access-token --scope api://CLIENT_ID/Mcp.Use", Az),
        ("az ad app credential reset --id CLIENT_ID --create-cert --append", Az),
        ("az ad app delete --id \"$registration\"", Az),
        ("az ad app federated-credential create --id CLIENT_ID --parameters …", Az),
        ("az ad app permission add --id \"$client\" …", Az),
        ("az ad app permission add --id CLIENT_ID …", Az),
        ("az ad app permission admin-consent --id CLIENT_ID", Az),
        ("az ad app update --id CLIENT_ID --web-redirect-uris https://tools.contoso.com/oauth/callback", Az),
        ("az ad sp create --id \"$client\"", Az),
        ("az functionapp list-flexconsumption-locations", Az),
        ("az keyvault key recover --vault-name VAULT --name key-ring", Az),
        ("az login", Az),
        ("az provider register --namespace Microsoft.App", Az),
        ("az rest --method DELETE --url \"https://graph.microsoft.com/v1.0/directory/deletedItems/$object\"", Az),
        ("az role assignment create --assignee-object-id \"$identity\" --assignee-principal-type ServicePrincipal "
            + "--role Reader --scope /subscriptions/SUBSCRIPTION_ID", Az),
        ("az role assignment create --assignee-object-id \"$identity\" --assignee-principal-type ServicePrincipal "
            + "--role \"Log Analytics Reader\" --scope WORKSPACE_RESOURCE_ID", Az),
        ("az functionapp update-strategy config show", Az),
        ("az network traffic-manager endpoint update --resource-group rg-NAME …", Az),
        ("az role assignment create --role \"Key Vault Certificate User\" --assignee …", Az),
        ("az storage account failover --name stdata…", Az),
        ("az storage blob upload-batch --account-name stdata… --destination files --source DIR --auth-mode login", Az),
        ("az role assignment delete --assignee \"$identity\" --role \"Storage Blob Data Owner\" …", Az),
        ("az role assignment delete --assignee \"$identity\" --scope /subscriptions/SUBSCRIPTION_ID", Az),
        ("callback=…", Value),
        ("client=$(az ad app create …", Az),
        ("identity=…", Value),
        ("object=$(az ad app show --id \"$registration\" --query id --output tsv)", Az),
        ("remote-mcp doctor https://HOST/mcp --client-id CLIENT_ID", "a user who signs in; DoctorSignInTests sign in to the emulators"),
        ("server=…", Value),
        ("use=$(az ad app show --id \"$server\" …", Az),

        ("cd src/RemoteMcp.Functions && func start", Core),
        ("cp local.settings.sample.json local.settings.json", "a writable checkout; the functions job of ci.yml runs it"),
        ("func start", Core),
        ("npx azurite --inMemoryPersistence --silent", "the fixed ports of Azurite; every test with storage runs it on free ports"),

        ("MCP_TENANT_ID=… MCP_CLIENT_ID=… MCP_CERTIFICATE_FILE=… MCP_PUBLIC_URL=https://tools.contoso.com docker compose up",
            "Docker; ContainerTests run the files of the image, and the container job of ci.yml runs the image"),

        ("claude mcp add --transport http remote-mcp http://127.0.0.1:7071/mcp",
            "Claude Code; Serve_prints_the_configuration_of_each_client finds the command in the output of `serve`"),
        ("claude mcp add --transport http remote-mcp https://HOST/mcp", "Claude Code and a user who signs in"),
        ("npx -y mcp-remote URL", "a client that starts it; McpRemoteTests start it"),
        ("npx mcp-remote https://HOST/mcp", UrlAlone),
        ("npx mcp-remote https://HOST/mcp …", Browser),
        ("npx mcporter auth https://HOST/mcp", UrlAlone),
        ("npx @modelcontextprotocol/inspector --transport http --server-url http://127.0.0.1:7071/mcp",
            "a browser; InspectorTests run its command line"),
        ("npx @modelcontextprotocol/inspector --cli --transport http --server-url https://HOST/mcp --method tools/list", UrlAlone),
        ("npx @modelcontextprotocol/inspector --cli --transport http --server-url https://HOST/mcp --client-id CLIENT-ID …", Browser),
        ("npx --yes --package node@22.23.3 --package @modelcontextprotocol/inspector@2.12.0 mcp-inspector …",
            "the tool that the reader writes; InspectorTests run it with existing tools"),
        ("set -a && . /tmp/remote-mcp-emulators/environment && set +a && \\\nnpx @modelcontextprotocol/inspector --cli …", Browser),

        ("dotnet user-secrets clear --project src/RemoteMcp.Functions", "the user secrets that azd writes on the reader's machine"),
        ("dotnet run --no-build --project tests/RemoteMcp.FunctionsHost -- --app src/RemoteMcp.Functions/bin/Debug/net10.0",
            "a build in the reader's folder; every Functions test starts the same program"),
        ("dotnet build Functions.sln", "a second build at the same time as this test"),
        ("dotnet format", "a writable checkout; .ci/run verifies the style with it"),
        ("dotnet test --project tests/RemoteMcp.Tests", ThisRun),
        ("dotnet test --solution Functions.sln --max-parallel-test-modules 1", ThisRun),
        ("UPDATE_SNAPSHOTS=1 dotnet run --project tests/RemoteMcp.Tests -- …",
            "a writable checkout; both classes run without the variable"),
        ("REMOTE_MCP_INFRA_SNAPSHOTS=/tmp/predictions/infra/tests dotnet run --project tests/RemoteMcp.Tests -- …",
            "the predictions of bicep; ci.yml creates them and runs it"),
        ("tests/fetch-schemas /tmp/schemas", "GitHub; ci.yml runs it"),
        ("infra/tests/evaluate /tmp/predictions", "bicep and the registry of its extensions; ci.yml runs it"),
        ("cd tests/clients && node_modules/node/bin/node browse.mjs http://127.0.0.1:7071/ /tmp/page",
            "a server on the fixed port; HomePageInBrowserTests run it with another port"),
        ("dotnet run -c Release --project bench/RemoteMcp.Benchmarks", "several minutes on an idle machine"),
        ("dotnet run -c Release --project bench/RemoteMcp.Benchmarks -- functions", "several minutes on an idle machine"),
    ];

    /// <summary>Whether a command equals an entry or begins with it.</summary>
    public static bool Fits(string entry, string command) =>
        entry.EndsWith('…') ? command.StartsWith(entry[..^1], StringComparison.Ordinal) : command == entry;
}
