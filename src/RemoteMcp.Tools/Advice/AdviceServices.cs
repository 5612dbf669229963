using Microsoft.Extensions.DependencyInjection;

namespace RemoteMcp.Tools.Advice;

/// <summary>Registers the tool and the prompt that recommend a local or remote deployment.</summary>
internal static class AdviceServices
{
    /// <summary>Adds the tool and the prompt.</summary>
    public static IMcpServerBuilder WithAdvice(this IMcpServerBuilder builder) => builder
        .WithTools<RecommendDeploymentTool>(ToolResult.Json)
        .WithPrompts<RecommendDeploymentPrompt>();
}
