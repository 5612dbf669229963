using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace RemoteMcp.Tools.Advice;

/// <summary>
/// Provides the same recommendation as a prompt that users select in the client. The server makes the decision, and the model explains it.
/// </summary>
[McpServerPromptType]
internal sealed class RecommendDeploymentPrompt
{
    private const int MaxDescription = 4000;
    private const string Explain = "Explain this recommendation for my case in a few sentences: the decisive needs, the trade-offs, and "
        + "the next command. Do not change the decision. If something that I told you contradicts one of the inputs, name the input, "
        + "and call recommend_deployment again with corrected inputs.";

    /// <summary>Returns the messages of the prompt.</summary>
    [McpServerPrompt(Name = "recommend_deployment", Title = "Local or remote?")]
    [Description("Recommends whether an MCP server should run locally or remotely, and explains why.")]
    public static string Recommend(
        [Description("The use case, if one fits.")]
        [AllowedValues(
            "filesystem", "local-git", "local-database", "cloud-database", "github", "slack",
            "cloud-management", "browser-automation", "code-sandbox", "company-apis", "calendar", "data-warehouse")]
        string? use_case = null,
        [Description("What the tool needs, separated by commas: local-files, local-services, offline, stays-on-machine, browser, "
            + "low-latency, cloud-api, secrets, audit, sandbox, several-users, stays-in-region.")]
        string? needs = null,
        [Description("What the tool does, in your own words.")]
        string? tool = null)
    {
        if (tool?.Length > MaxDescription)
        {
            throw new McpProtocolException(
                $"tool: must be at most {MaxDescription} characters long, but is {tool.Length}.", McpErrorCode.InvalidParams);
        }

        var about = string.IsNullOrWhiteSpace(tool) ? "" : $"My tool, in my own words:\n{tool.Trim()}\n\n";
        return Decide(needs, use_case) is { } advice
            ? $"{about}{AdviceText.Render(advice)}\n{Explain}"
            : $"{about}Should the MCP server for {(about.Length > 0 ? "this tool" : "my tool")} run locally or remotely? Find out what it "
                + "needs. Ask me if something is not clear:\n"
                + string.Concat(NeedTable.Rules.Select(static rule => $"- {NeedNames.Of(rule.Need)}: {rule.Question}\n"))
                + "Then call recommend_deployment with the needs that apply, and explain the result.";
    }

    private static Recommendation? Decide(string? needs, string? useCase)
    {
        try
        {
            var given = AdviceArguments.Needs(nameof(needs), Split(needs));
            var cases = AdviceArguments.UseCases("use_case", Split(useCase));
            return given.Count == 0 && cases.Count == 0 ? null : Advisor.Recommend(given, cases);
        }
        catch (McpException exception)
        {
            throw new McpProtocolException(exception.Message, exception, McpErrorCode.InvalidParams);
        }
    }

    private static string[] Split(string? list) =>
        list?.Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
