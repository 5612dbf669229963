using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.Tools.Advice;

/// <summary>Provides the <c>recommend_deployment</c> tool, which recommends where an MCP server should run.</summary>
[McpServerToolType]
internal sealed class RecommendDeploymentTool
{
    /// <summary>The meaning of each need, for the model or person who provides the arguments.</summary>
    public const string NeedsDescription =
        "The needs of the tool. Include each need that applies. local-files: files on the user's machine; local-services: programs, "
        + "databases or devices that only that machine can reach; "
        + "offline: work without a network; stays-on-machine: data that must not leave the machine; browser: the user's own browser; "
        + "low-latency: many small calls in a row; "
        + "cloud-api: a cloud service's API; secrets: credentials that users should not hold; audit: a record of who called what; "
        + "sandbox: runs code that nobody has reviewed; "
        + "several-users: more than one person; stays-in-region: data that must not leave a region.";

    /// <summary>The description of the use cases.</summary>
    public const string UseCasesDescription =
        "Use cases. Their usual needs are added to needs. Values: filesystem, local-git, local-database, cloud-database, github (also "
        + "GitLab), slack (also Teams), cloud-management, "
        + "browser-automation, code-sandbox, company-apis, calendar (also e-mail), data-warehouse.";

    /// <summary>The message when there is neither a need nor a use case.</summary>
    public const string NothingGiven = "needs or use_cases: specify at least one. Ask the user what the tool needs, or which use "
        + "case applies.";

    /// <summary>Recommends a deployment.</summary>
    [McpServerTool(
        Name = "recommend_deployment", Title = "Recommend local or remote",
        ReadOnly = true, Idempotent = true, Destructive = false, OpenWorld = false,
        UseStructuredContent = true, OutputSchemaType = typeof(Recommendation))]
    [Description("Recommends whether an MCP server should run locally, remotely, or as a hybrid of two servers, based on what its tools "
        + "need. Returns the effect of each input, the trade-offs, and the next commands. The same inputs always give the same result.")]
    public static CallToolResult Recommend(
        [Description(NeedsDescription)] IReadOnlyList<DeploymentNeed>? needs = null,
        [Description(UseCasesDescription)] IReadOnlyList<string?>? use_cases = null)
    {
        var given = needs ?? [];
        var cases = AdviceArguments.UseCases(nameof(use_cases), use_cases ?? []);
        if (given.Count == 0 && cases.Count == 0)
        {
            throw new McpException(NothingGiven);
        }

        var advice = Advisor.Recommend(given, cases);
        return ToolResult.Of(advice, AdviceText.Render(advice));
    }
}
